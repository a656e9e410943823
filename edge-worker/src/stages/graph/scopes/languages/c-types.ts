import { arrayOf, lastGroup, list, typeReader, UNKNOWN_SYNTAX, type TypeSyntax } from '../type-syntax.js'

const WORDS =
  /\b(?:const|volatile|restrict|__restrict|struct|class|union|enum|static|inline|extern|virtual|typename|constexpr|mutable|register|friend|explicit|noexcept|override|final)\b/g

/** Types of C and C++. Pointers and references have the members of what they point at. */
export const readCType = typeReader((written, read) => {
  const text = written
    .replace(WORDS, ' ')
    .replace(/[*&\s]+$/, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (text !== written) return read(text)
  if (/\[[^\]]*\]$/.test(text)) return arrayOf(read(text.replace(/\[[^\]]*\]$/, '')))
  const call = /^std\s*::\s*function\s*<(.*)>$/s.exec(text)?.[1] ?? (text.endsWith(')') ? text : undefined)
  if (call !== undefined) {
    const group = lastGroup(call.trim())
    return group === null ? UNKNOWN_SYNTAX : { kind: 'function', parameters: list(group.inside, read), result: read(group.before) }
  }
  const group = text.endsWith('>') ? lastGroup(text) : null
  return group === null ? named(text, []) : named(group.before.trim(), list(group.inside, read))
})

function named(text: string, args: readonly TypeSyntax[]): TypeSyntax {
  // `Outer<A>::Inner`: the outer's arguments do not matter here.
  const plain = text.replace(/<.*>(?=\s*::)/g, '').replace(/^::/, '')
  return /^~?\w+(?:\s*::\s*~?\w+)*$/.test(plain) ? { kind: 'named', path: plain.split(/\s*::\s*/), args } : UNKNOWN_SYNTAX
}
