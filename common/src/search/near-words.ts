/** Finds words that are spelt almost like a given one: candidates by shared letter triples, then by edit distance. */
export interface NearWords {
  /** Index and closeness (0 to 1) of each word at least `least` close, in no order. */
  near(word: string, least: number): { readonly word: number; readonly closeness: number }[]
}

/** Lists longer than this are of triples that say little. */
const LONGEST_LIST = 4000
/** Share of the triples that must be there before letters are compared: one wrong letter of eight leaves two thirds, two leave a third. */
const LEAST_SHARED = 0.34

/** `words` are joined (letters and digits alone, lower case); an index in the answer is one of theirs. */
export function createNearWords(words: readonly string[]): NearWords {
  const lists = new Map<number, number[]>()
  for (const [i, word] of words.entries()) {
    for (const triple of triplesOf(word)) {
      const list = lists.get(triple)
      if (list === undefined) lists.set(triple, [i])
      else if (list.at(-1) !== i) list.push(i)
    }
  }
  const shared = new Uint8Array(words.length)
  return {
    near(word, least) {
      const triples = triplesOf(word)
      const touched: number[] = []
      for (const triple of triples) {
        const list = lists.get(triple)
        if (list === undefined || list.length > LONGEST_LIST) continue
        for (const i of list) {
          if (shared[i] === 0) touched.push(i)
          if (shared[i]! < 255) shared[i]! += 1
        }
      }
      const enough = Math.max(2, Math.ceil(Math.min(triples.length, 255) * LEAST_SHARED))
      const found: { word: number; closeness: number }[] = []
      for (const i of touched) {
        const other = words[i]!
        const longer = Math.max(word.length, other.length)
        const edits = Math.floor((1 - least) * longer + 1e-9)
        if (shared[i]! >= enough && Math.abs(word.length - other.length) <= edits) {
          const distance = editDistance(word, other, edits)
          if (distance <= edits) found.push({ word: i, closeness: 1 - distance / longer })
        }
        shared[i] = 0
      }
      return found
    },
  }
}

/** Triples of letters with the word's ends marked, each a number; one that comes twice is given twice. */
function triplesOf(word: string): number[] {
  const triples: number[] = []
  let before = 1
  let last = 1
  for (let i = 0; i <= word.length; i++) {
    const code = i === word.length ? 2 : word.charCodeAt(i) & 0x3ff
    triples.push((before << 20) | (last << 10) | code)
    before = last
    last = code
  }
  return triples
}

/** Insertions, deletions, replacements and swaps of neighbours; more than `limit` may be told as `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast = new Int32Array(b.length + 1)
  let last = Int32Array.from({ length: b.length + 1 }, (_, j) => j)
  let row = new Int32Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1))
        cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    ;[beforeLast, last, row] = [last, row, beforeLast]
  }
  return last[b.length]!
}
