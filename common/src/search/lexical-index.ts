import { stem, subWords } from './words.js'
import type { SearchItem } from './item.js'

/** Which texts of an item are read, and how much a word of each counts. */
const FIELDS: readonly { readonly read: (item: SearchItem) => string; readonly weight: number; readonly b: number }[] = [
  { read: (item) => item.name, weight: 3, b: 0.3 },
  { read: pathText, weight: 1, b: 0.6 },
  { read: (item) => item.head, weight: 1.5, b: 0.6 },
  { read: (item) => item.body, weight: 1, b: 0.6 },
  { read: (item) => item.docs, weight: 1, b: 0.6 },
]

/** What holds the item, and of its file's path what that does not say already. */
function pathText({ path, file }: SearchItem): string {
  const said = new Set(subWords(path))
  const rest = subWords(file.replace(/\.\w+$/, '')).filter((word) => !said.has(word) && !EVERYWHERE.has(word))
  return rest.length === 0 ? path : `${path} ${rest.join(' ')}`
}

/** Parts of nearly every file's path. */
const EVERYWHERE = new Set(['src', 'lib', 'mod', 'main', 'index', 'init'])
const NAME = 0
const PATH = 1
const K1 = 1.2
const B = 0.75

/**
 * Inverted lists over the words of every item. A word's list holds, beside the items, two weights that do not depend on the query: that of
 * BM25 over all words of the item, and that of BM25F, which weighs the fields apart; times the word's rarity they sum to the scores.
 */
export interface LexicalIndex {
  readonly items: number
  /** Number of a stemmed word; `undefined` where no item has it. */
  termOf(word: string): number | undefined
  readonly terms: readonly string[]
  readonly starts: Int32Array
  readonly postings: Int32Array
  readonly plain: Float32Array
  readonly fielded: Float32Array
  /** 1 where the item's name has the word, 2 where its path has, 3 both. */
  readonly places: Uint8Array
  readonly rarity: Float32Array
  /** Words of each item, all fields. */
  readonly lengths: Float32Array
  /** Distinct stemmed words of each item's name. */
  readonly nameWords: Uint8Array
}

export function createLexicalIndex(items: readonly SearchItem[]): LexicalIndex {
  const numberOf = new Map<string, number>()
  const stems = new Map<string, number>()
  const terms: string[] = []
  const termNumber = (word: string): number => {
    const known = stems.get(word)
    if (known !== undefined) return known
    const stemmed = stem(word)
    let term = numberOf.get(stemmed)
    if (term === undefined) {
      term = terms.length
      terms.push(stemmed)
      numberOf.set(stemmed, term)
    }
    stems.set(word, term)
    return term
  }

  // First every text becomes numbers, one long row of them, so that averages are known before weights are made.
  const words = new Numbers()
  const ends = new Int32Array(items.length * FIELDS.length)
  const totals = new Float64Array(FIELDS.length)
  for (const [i, item] of items.entries()) {
    for (const [f, { read }] of FIELDS.entries()) {
      const before = words.length
      for (const word of subWords(read(item))) words.push(termNumber(word))
      ends[i * FIELDS.length + f] = words.length
      totals[f]! += words.length - before
    }
  }
  const averages = Float64Array.from(totals, (total) => Math.max(1, total / Math.max(1, items.length)))
  const averageLength = Math.max(1, totals.reduce((sum, total) => sum + total, 0) / Math.max(1, items.length))

  const lengths = new Float32Array(items.length)
  const nameWords = new Uint8Array(items.length)
  const rows = { item: new Numbers(), term: new Numbers(), plain: new Reals(), fielded: new Reals(), place: new Numbers() }
  const counts = new Float64Array(terms.length)
  const fielded = new Float64Array(terms.length)
  const places = new Uint8Array(terms.length)
  const frequency = new Int32Array(terms.length)
  let from = 0
  for (let i = 0; i < items.length; i++) {
    const begin = from
    const seen: number[] = []
    for (const [f, { weight, b }] of FIELDS.entries()) {
      const end = ends[i * FIELDS.length + f]!
      const share = weight / (1 - b + (b * (end - from)) / averages[f]!)
      for (; from < end; from++) {
        const term = words.at(from)
        if (counts[term]! === 0) seen.push(term)
        counts[term]! += 1
        fielded[term]! += share
        if (f === NAME) places[term]! |= 1
        else if (f === PATH) places[term]! |= 2
      }
    }
    const length = from - begin
    lengths[i] = length
    const norm = K1 * (1 - B + (B * length) / averageLength)
    for (const term of seen) {
      const count = counts[term]!
      rows.item.push(i)
      rows.term.push(term)
      rows.plain.push((count * (K1 + 1)) / (count + norm))
      rows.fielded.push((fielded[term]! * (K1 + 1)) / (fielded[term]! + K1))
      rows.place.push(places[term]!)
      if ((places[term]! & 1) === 1 && nameWords[i]! < 255) nameWords[i]! += 1
      frequency[term]! += 1
      counts[term] = 0
      fielded[term] = 0
      places[term] = 0
    }
  }

  const starts = new Int32Array(terms.length + 1)
  for (let t = 0; t < terms.length; t++) starts[t + 1] = starts[t]! + frequency[t]!
  const place = starts.slice()
  const size = rows.item.length
  const index = {
    postings: new Int32Array(size),
    plain: new Float32Array(size),
    fielded: new Float32Array(size),
    places: new Uint8Array(size),
  }
  for (let row = 0; row < size; row++) {
    const at = place[rows.term.at(row)]!++
    index.postings[at] = rows.item.at(row)
    index.plain[at] = rows.plain.at(row)
    index.fielded[at] = rows.fielded.at(row)
    index.places[at] = rows.place.at(row)
  }
  const rarity = Float32Array.from(frequency, (df) => Math.log(1 + (items.length - df + 0.5) / (df + 0.5)))
  return { items: items.length, termOf: (word) => numberOf.get(stem(word)), terms, starts, ...index, rarity, lengths, nameWords }
}

/** A growing row of whole numbers. */
class Numbers {
  #values = new Int32Array(1 << 14)
  length = 0
  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Int32Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }
  at(index: number): number {
    return this.#values[index]!
  }
}

/** The same for fractions. */
class Reals {
  #values = new Float32Array(1 << 14)
  length = 0
  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float32Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }
  at(index: number): number {
    return this.#values[index]!
  }
}
