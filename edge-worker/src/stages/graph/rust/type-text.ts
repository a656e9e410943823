/** A type as written, taken apart. Lifetimes, `mut`, `const` and the names of function pointers' parameters are left out. */
export type TypeSyntax =
  | { readonly kind: 'path'; readonly qualified: TypeSyntax | null; readonly segments: readonly PathSegment[] }
  | { readonly kind: 'ref'; readonly inner: TypeSyntax; readonly mutable: boolean }
  | { readonly kind: 'pointer'; readonly inner: TypeSyntax }
  | { readonly kind: 'tuple'; readonly items: readonly TypeSyntax[] }
  | { readonly kind: 'slice'; readonly inner: TypeSyntax }
  | { readonly kind: 'fn'; readonly inputs: readonly TypeSyntax[]; readonly output: TypeSyntax }
  /** `dyn A + B` and `impl A + B`. */
  | { readonly kind: 'bounded'; readonly bounds: readonly TypeSyntax[] }
  | { readonly kind: 'unknown' }

export interface PathSegment {
  readonly name: string
  readonly args: readonly TypeSyntax[]
  /** `Iterator<Item = T>`; `Fn(A) -> B` is `Fn<(A,), Output = B>`. */
  readonly bindings: readonly (readonly [string, TypeSyntax])[]
}

const UNKNOWN: TypeSyntax = { kind: 'unknown' }
const UNIT: TypeSyntax = { kind: 'tuple', items: [] }
const MAX_DEPTH = 40

/** Never fails: what is no type reads as unknown. */
export function parseType(text: string): TypeSyntax {
  return new TypeReader(text).type(0)
}

/** `A<B> + Send + 'static + ?Sized`: the traits alone. */
export function parseBounds(text: string): readonly TypeSyntax[] {
  return new TypeReader(text).bounds(0)
}

const TOKEN = /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|->|::|'[A-Za-z_]\w*|r#\w+|[A-Za-z_$][\w]*|\d[\w.]*|"(?:[^"\\]|\\.)*"|[^]/g

class TypeReader {
  private readonly tokens: readonly string[]
  private at = 0

  constructor(text: string) {
    this.tokens = (text.match(TOKEN) ?? []).filter((token) => !/^\s|^\/\/|^\/\*/.test(token))
  }

  type(depth: number): TypeSyntax {
    if (depth > MAX_DEPTH) return UNKNOWN
    const token = this.tokens[this.at]
    if (token === undefined) return UNKNOWN
    switch (token) {
      case '&': {
        this.at++
        if (this.peek()?.startsWith("'") === true) this.at++
        const mutable = this.peek() === 'mut'
        return { kind: 'ref', inner: this.type(depth + 1), mutable }
      }
      case '*':
        this.at++
        if (this.peek() === 'const' || this.peek() === 'mut') this.at++
        return { kind: 'pointer', inner: this.type(depth + 1) }
      case '(': {
        this.at++
        const items = this.list(')', depth)
        // `(A)` is `A`; `(A,)` a tuple of one.
        return items.length === 1 && this.tokens[this.at - 2] !== ',' ? (items[0] ?? UNKNOWN) : { kind: 'tuple', items }
      }
      case '[': {
        this.at++
        const inner = this.type(depth + 1)
        this.skipTo(']')
        return { kind: 'slice', inner }
      }
      case '!':
        this.at++
        return UNKNOWN
      case 'dyn':
      case 'impl':
        this.at++
        return { kind: 'bounded', bounds: this.bounds(depth + 1) }
      case 'for':
        this.at++
        if (this.peek() === '<') this.skipAngles()
        return this.type(depth + 1)
      case 'unsafe':
      case 'const':
      case 'mut':
        this.at++
        return this.type(depth + 1)
      case 'extern':
        this.at++
        if (this.peek()?.startsWith('"') === true) this.at++
        return this.type(depth + 1)
      case 'fn': {
        this.at++
        if (this.peek() !== '(') return UNKNOWN
        this.at++
        const inputs = this.list(')', depth)
        return { kind: 'fn', inputs, output: this.output(depth) }
      }
      case '<': {
        this.at++
        const own = this.type(depth + 1)
        let trait: TypeSyntax | null = null
        if (this.peek() === 'as') {
          this.at++
          trait = this.type(depth + 1)
        }
        this.skipTo('>')
        const segments: PathSegment[] = trait?.kind === 'path' ? [trait.segments[trait.segments.length - 1] ?? NAMELESS] : []
        if (this.peek() !== '::') return own
        this.at++
        const rest = this.path(depth)
        return { kind: 'path', qualified: own, segments: [...segments, ...rest] }
      }
      default:
    }
    if (token === '_' || !/^(?:[A-Za-z_$]|r#|::)/.test(token)) {
      this.at++
      return UNKNOWN
    }
    return { kind: 'path', qualified: null, segments: this.path(depth) }
  }

  bounds(depth: number): TypeSyntax[] {
    const bounds: TypeSyntax[] = []
    for (;;) {
      const token = this.tokens[this.at]
      if (token === undefined) break
      if (token.startsWith("'")) this.at++
      else if (token === '?' || token === '~') {
        this.at++
        if (this.peek() === 'const') this.at++
        this.type(depth + 1)
      } else {
        const bound = this.type(depth + 1)
        if (bound.kind === 'path') bounds.push(bound)
      }
      if (this.peek() !== '+') break
      this.at++
    }
    return bounds
  }

  private path(depth: number): PathSegment[] {
    const segments: PathSegment[] = []
    if (this.peek() === '::') {
      segments.push({ name: '', args: [], bindings: [] })
      this.at++
    }
    for (;;) {
      const name = this.tokens[this.at]
      if (name === undefined || !/^(?:[A-Za-z_$]|r#)/.test(name)) break
      this.at++
      let args: TypeSyntax[] = []
      const bindings: (readonly [string, TypeSyntax])[] = []
      if (this.peek() === '::' && this.tokens[this.at + 1] === '<') this.at++
      if (this.peek() === '<') {
        this.at++
        args = this.arguments(depth, bindings)
      } else if (this.peek() === '(') {
        this.at++
        args = [{ kind: 'tuple', items: this.list(')', depth) }]
        bindings.push(['Output', this.output(depth)])
      }
      segments.push({ name, args, bindings })
      if (this.peek() !== '::') break
      this.at++
    }
    return segments
  }

  private arguments(depth: number, bindings: (readonly [string, TypeSyntax])[]): TypeSyntax[] {
    const args: TypeSyntax[] = []
    for (;;) {
      const token = this.peek()
      if (token === undefined) return args
      if (token === '>') {
        this.at++
        return args
      }
      if (token === ',' || token.startsWith("'")) this.at++
      else if (this.tokens[this.at + 1] === '=') {
        this.at += 2
        bindings.push([token, this.type(depth + 1)])
      } else if (this.tokens[this.at + 1] === ':') {
        this.at += 2
        bindings.push([token, { kind: 'bounded', bounds: this.bounds(depth + 1) }])
      } else if (token === '{') {
        this.skipTo('}')
        args.push(UNKNOWN)
      } else {
        const before = this.at
        args.push(this.type(depth + 1))
        if (this.at === before) this.at++
      }
    }
  }

  private list(close: string, depth: number): TypeSyntax[] {
    const items: TypeSyntax[] = []
    for (;;) {
      const token = this.peek()
      if (token === undefined) return items
      if (token === close) {
        this.at++
        return items
      }
      const before = this.at
      if (token === ',') this.at++
      else {
        // `fn(name: Type)`
        if (this.tokens[this.at + 1] === ':') this.at += 2
        items.push(this.type(depth + 1))
        if (this.peek() === '+') this.bounds(depth + 1)
      }
      if (this.at === before) this.at++
    }
  }

  private output(depth: number): TypeSyntax {
    if (this.peek() !== '->') return UNIT
    this.at++
    return this.type(depth + 1)
  }

  private peek(): string | undefined {
    return this.tokens[this.at]
  }

  private skipTo(close: string): void {
    const open = close === ']' ? '[' : close === '}' ? '{' : '<'
    for (let level = 0; this.at < this.tokens.length; this.at++) {
      const token = this.tokens[this.at]
      if (token === open && close !== '}') level++
      if (token !== close) continue
      if (level-- === 0) {
        this.at++
        return
      }
    }
  }

  private skipAngles(): void {
    this.at++
    this.skipTo('>')
  }
}

const NAMELESS: PathSegment = { name: '', args: [], bindings: [] }
