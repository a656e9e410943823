import { createRandom } from '@doctown/common/runtime/random.js'

/** A mutant is a piece of a real file, small enough that thousands of them take a minute. */
const LONGEST_PIECE = 6000

const NESTS = [
  ['(', ')'],
  ['{ ', ' }'],
  ['if a {} else ', ''],
  ['mod m { ', ' }'],
  ['/* ', ' */'],
  ['Vec<', '>'],
  ['|x| ', ''],
] as const
const TOKENS = [
  '"',
  "'",
  'r#"',
  '/*',
  '*/',
  '//!',
  '///',
  '#[',
  '#![',
  '}',
  '{',
  '(',
  '<',
  '>',
  'fn',
  'impl',
  'pub',
  ';',
  '\0',
  '\r',
  '\ufeff',
  '\ud800',
  '::',
  '=>',
  'macro_rules!',
]

/** `count` texts, always the same for a seed: sources cut, spliced, repeated, nested and with characters flipped, one to four times each. */
export function* mutants(sources: readonly string[], count: number, seed: number): Generator<string> {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const piece = (text: string): string => {
    const from = below(text.length)
    return text.slice(from, from + below(LONGEST_PIECE))
  }
  const source = (): string => sources[below(sources.length)] ?? ''
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T

  const mutations: readonly ((text: string) => string)[] = [
    (text) => text.slice(0, below(text.length)),
    (text) => text.slice(0, below(text.length)) + piece(source()),
    (text) => {
      const at = below(text.length)
      const part = text.slice(at, at + below(60))
      return text.slice(0, at) + part.repeat(1 + below(60)) + text.slice(at)
    },
    (text) => {
      const [open, close] = pick(NESTS)
      const times = 1 + below(300)
      const from = below(text.length)
      const to = from + below(text.length - from)
      return text.slice(0, from) + open.repeat(times) + text.slice(from, to) + close.repeat(times) + text.slice(to)
    },
    (text) => {
      let flipped = text
      for (let left = 1 + below(20); left > 0 && flipped !== ''; left--) {
        const at = below(flipped.length)
        flipped = flipped.slice(0, at) + String.fromCharCode(below(3) === 0 ? below(0x10000) : below(128)) + flipped.slice(at + 1)
      }
      return flipped
    },
    (text) => {
      const at = below(text.length)
      return text.slice(0, at) + pick(TOKENS) + text.slice(at + below(3))
    },
  ]
  for (let made = 0; made < count; made++) {
    let text = piece(source())
    for (let left = 1 + below(4); left > 0; left--) text = pick(mutations)(text)
    yield text
  }
}
