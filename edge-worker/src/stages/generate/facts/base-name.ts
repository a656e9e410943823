/** The bare name in a type or trait as written: `Vec` of `&'a mut std::vec::Vec<T>`; what has no name (`[T]`, `(A, B)`) stays as it is. */
export function baseName(written: string): string {
  const plain = written.replace(/^(?:&\s*|\*const\s+|\*mut\s+|'\w+\s+|mut\s+|dyn\s+|!)+/, '')
  const path = /^[\p{L}_:.][\p{L}\p{N}_:.]*/u.exec(plain)?.[0]
  return path?.split(/::|\./).findLast((segment) => segment !== '') ?? written
}

/** A trait without the lifetimes that only the compiler asks for: `de::MapAccess` of `de::MapAccess<'de>`, `Read<T>` of `Read<'a, T>`. */
export function withoutLifetimes(written: string): string {
  return written.replace(/'\w+\s*,?\s*/g, '').replace(/<>/g, '')
}
