import type { Naming } from './label.js'
import { WEAK_WORDS, isTwin, nameWords } from './name-words.js'
import type { Nouns } from './nouns.js'

export interface Candidate {
  readonly phrase: string
  readonly score: number
}

export interface RankInput {
  /** Weight of the community's symbols by phrase, and the same of all communities of its kind. */
  readonly mass: ReadonlyMap<string, number>
  readonly total: ReadonlyMap<string, number>
  readonly nouns: Nouns
  /** Share of the communities that a word stands for much of, 0 to 1: the library's own name is in all of them. */
  readonly spread: (word: string) => number
}

/** Powers of coverage and precision, and what a phrase of one, two, three words is worth. By eye, and by `bench:graph -- --clusters`. */
const COVERAGE = 0.9
const PRECISION = 0.6
const LENGTHS = [0, 0.45, 1.15, 0.95]
/** A word that says little, in a phrase that somebody wrote and in one that we put together. */
const WEAK = { seen: 0.8, unseen: 0.5 }
/** Words of two letters that a reader knows; others are somebody's shorthand. */
const SHORT_WORDS: ReadonlySet<string> = new Set('io fs os db ui ip js vm dns'.split(' '))
const SHORTHAND = 0.5
/** `io fs`: a reader wants one word that is spelt out. */
const CRYPTIC = 0.7
/** A phrase that is the whole name of a type has been found good by somebody who knew. */
const NAMES_A_TYPE = 1.15
/** Two good words that nobody wrote side by side make a label still, `slab page`. */
const UNSEEN = 0.85
/** What stands for less of a community is left out before anything is sorted. */
const LEAST_SHARE = 0.01
/** A word of a pair that stands for a smaller share of the members counts for less. */
const FEW_MEMBERS = 0.1
const PAIRED_WORDS = 12
const SINGLES = 60

/** The phrases of a community and pairs of its best words, best first. */
export function rankPhrases(community: Naming, { mass, total, nouns, spread }: RankInput): Candidate[] {
  const whole = community.symbols.reduce((sum, { weight }) => sum + weight, 0)
  const typeNames = new Set(community.symbols.flatMap(({ isType, name }) => (isType ? [nameWords(name).join(' ')] : [])))
  const precisionOf = (phrase: string): number => {
    const own = mass.get(phrase) ?? 0
    // The smoothing keeps a phrase of a single symbol from being perfectly precise.
    return own / ((total.get(phrase) ?? own) + 0.02 * whole)
  }
  const rate = (words: readonly string[], coverage: number, precision: number): Candidate => {
    const phrase = words.join(' ')
    const weak = words.filter((word) => WEAK_WORDS.has(word)).length
    const short = words.filter((word) => word.length < 3 && !SHORT_WORDS.has(word)).length
    const factors = [
      coverage ** COVERAGE,
      precision ** PRECISION,
      LENGTHS[words.length] ?? 0,
      0.6 + 0.4 * nouns.asHead(words.at(-1) ?? ''),
      0.6 + 0.4 * nouns.asFirst(words[0] ?? ''),
      (words.length > 1 && mass.has(phrase) ? WEAK.seen : WEAK.unseen) ** weak,
      SHORTHAND ** short,
      words.every((word) => word.length < 4) ? CRYPTIC : 1,
      typeNames.has(phrase) ? NAMES_A_TYPE : 1,
      ...words.map((word) => 1 - spread(word)),
    ]
    return { phrase, score: factors.reduce((product, factor) => product * factor, 1) }
  }
  const ids = community.symbols
    .map(({ id }) => id)
    .join(' ')
    .toLowerCase()
  const singles = [...mass]
    .filter(([, own]) => own >= LEAST_SHARE * whole)
    .map(([phrase, own]) => rate(phrase.split(' '), own / whole, precisionOf(phrase)))
    .sort(byScore)
    .slice(0, 4 * SINGLES)
    .filter(({ phrase }) => phrase.split(' ').every((word) => ids.includes(word)))
    .slice(0, SINGLES)
  const words = singles.map(({ phrase }) => phrase).filter((phrase) => !phrase.includes(' '))
  const depths = new Map(
    community.symbols.flatMap(({ module }) => module.flatMap((segment, at) => nameWords(segment).map((word) => [word, at]))),
  )
  const depthOf = (word: string): number => depths.get(word) ?? Infinity
  const pairs = words.slice(0, PAIRED_WORDS).flatMap((a, at) =>
    words.slice(at + 1, PAIRED_WORDS).flatMap((b) => {
      if (isTwin(a, b)) return []
      const [ab, ba] = [mass.get(`${a} ${b}`) ?? 0, mass.get(`${b} ${a}`) ?? 0]
      // In the order in which it is written more often; else the word of the outer module goes first, else the better noun last.
      const inward = depthOf(a) - depthOf(b)
      const isTurned = ab !== ba ? ba > ab : Number.isNaN(inward) || inward === 0 ? nouns.asHead(a) > nouns.asHead(b) : inward > 0
      const [ca, cb] = [(mass.get(a) ?? 0) / whole, (mass.get(b) ?? 0) / whole]
      // A word of few members beside one of many would name the whole after a part.
      const coverage = ((ca + cb) / 2) * Math.min(1, Math.min(ca, cb) / FEW_MEMBERS)
      // Where one word tells the part apart, the other may be common: `broadcast receiver`.
      const [pa, pb] = [precisionOf(a), precisionOf(b)]
      const precision = (2 * Math.max(pa, pb) + (pa + pb) / 2) / 3
      const pair = rate(isTurned ? [b, a] : [a, b], coverage, precision)
      return [Math.max(ab, ba) > 0.02 * whole ? pair : { ...pair, score: pair.score * UNSEEN }]
    }),
  )
  const best = new Map<string, Candidate>()
  for (const each of [...singles, ...pairs].sort(byScore)) if (!best.has(each.phrase)) best.set(each.phrase, each)
  return [...best.values()]
}

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || (a.phrase < b.phrase ? -1 : 1)
