/** Tokens by number: punctuation of one character is its own code, the rest stands above. */
export const T = {
  end: 0,
  bang: 33,
  hash: 35,
  dollar: 36,
  percent: 37,
  and: 38,
  open: 40,
  close: 41,
  star: 42,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  question: 63,
  at: 64,
  openSquare: 91,
  closeSquare: 93,
  caret: 94,
  openBrace: 123,
  or: 124,
  closeBrace: 125,
  identifier: 128,
  lifetime: 129,
  integer: 130,
  float: 131,
  string: 132,
  rawString: 133,
  char: 134,
  colons: 135,
  arrow: 136,
  fatArrow: 137,
  dots: 138,
  dotsEquals: 139,
  ellipsis: 140,
  as: 150,
  async: 151,
  await: 152,
  break: 153,
  const: 154,
  continue: 155,
  crate: 156,
  dyn: 157,
  else: 158,
  enum: 159,
  extern: 160,
  false: 161,
  fn: 162,
  for: 163,
  if: 164,
  impl: 165,
  in: 166,
  let: 167,
  loop: 168,
  match: 169,
  mod: 170,
  move: 171,
  mut: 172,
  pub: 173,
  ref: 174,
  return: 175,
  self: 176,
  static: 177,
  struct: 178,
  super: 179,
  trait: 180,
  true: 181,
  try: 182,
  type: 183,
  unsafe: 184,
  use: 185,
  where: 186,
  while: 187,
  yield: 188,
  underscore: 189,
}

const KEYWORDS = [
  'as',
  'async',
  'await',
  'break',
  'const',
  'continue',
  'crate',
  'dyn',
  'else',
  'enum',
  'extern',
  'false',
  'fn',
  'for',
  'if',
  'impl',
  'in',
  'let',
  'loop',
  'match',
  'mod',
  'move',
  'mut',
  'pub',
  'ref',
  'return',
  'self',
  'static',
  'struct',
  'super',
  'trait',
  'true',
  'try',
  'type',
  'unsafe',
  'use',
  'where',
  'while',
  'yield',
] as const

/** Types that the grammar knows by name. */
const PRIMITIVES = new Set('u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 isize usize f32 f64 bool str char'.split(' '))
const LONGEST_PRIMITIVE = 5

const SLOTS = 1024
const slots: (string | undefined)[] = new Array<string | undefined>(SLOTS)
const codes = new Uint8Array(SLOTS)
for (const word of KEYWORDS) {
  const slot = hashOf(word) & (SLOTS - 1)
  if (slots[slot] !== undefined) throw new Error(`Keywords ${slots[slot]} and ${word} share a slot: choose another hash`)
  slots[slot] = word
  codes[slot] = T[word]
}

function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) hash = hashStep(hash, word.charCodeAt(at))
  return hash
}

export function hashStep(hash: number, unit: number): number {
  return (Math.imul(hash, 31) + unit) | 0
}

/** The keyword that a word of this hash is, `T.identifier` when it is none. */
export function wordToken(text: string, start: number, end: number, hash: number): number {
  const slot = hash & (SLOTS - 1)
  const word = slots[slot]
  return word !== undefined && word.length === end - start && text.startsWith(word, start) ? (codes[slot] as number) : T.identifier
}

export function isPrimitive(text: string, start: number, end: number): boolean {
  return end - start <= LONGEST_PRIMITIVE && PRIMITIVES.has(text.slice(start, end))
}
