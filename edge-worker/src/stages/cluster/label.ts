import { WEAK_WORDS, nameWords } from './name-words.js'
import { countNouns } from './nouns.js'
import { fileStem, phrasesOf, type Named } from './phrases.js'
import { rankPhrases, type Candidate } from './rank-phrases.js'

/** What a community is named after. */
export interface Naming {
  readonly symbols: readonly Named[]
  /** Files of the members, for a community that holds no symbol. */
  readonly files: readonly string[]
  /** Whether it is made of tests, benches or examples: named apart from the code, and said so. */
  readonly isTests: boolean
}

/**
 * One label for each community, all different, none a number: the noun phrase of one to three words that covers most of its members, by
 * weight, and least of the other communities. Every word stands in a member's name or path; where all those are taken, a file's path and a letter. Deterministic. A generator, so that the caller can let
 * the event loop turn: it yields after every community.
 */
export function* labelCommunities(communities: readonly Naming[]): Generator<void, string[]> {
  const vocabulary = new Set<string>()
  for (const { symbols } of communities) {
    for (const { name, type, module, file } of symbols) {
      for (const text of [name, type ?? '', ...module, fileStem(file)]) for (const word of nameWords(text)) vocabulary.add(word)
    }
    yield
  }
  const nouns = countNouns(communities.flatMap(({ symbols }) => symbols))
  yield
  // Tests speak the words of what they test: each kind is held against its own.
  const totals = { code: new Map<string, number>(), tests: new Map<string, number>() }
  const masses: Map<string, number>[] = []
  for (const { symbols, isTests } of communities) {
    const mass = new Map<string, number>()
    for (const symbol of symbols)
      for (const [phrase, strength] of phrasesOf(symbol, vocabulary, isTests)) add(mass, phrase, strength * symbol.weight)
    for (const [phrase, own] of mass) add(isTests ? totals.tests : totals.code, phrase, own)
    masses.push(mass)
    yield
  }
  const spread = spreadOf(communities, masses)
  const ranked: Candidate[][] = []
  for (const [at, community] of communities.entries()) {
    const total = community.isTests ? totals.tests : totals.code
    ranked.push(rankPhrases(community, { mass: masses[at] ?? new Map<string, number>(), total, nouns, spread }))
    yield
  }
  return choose(communities, ranked)
}

/** The best phrase of each that no other has in any order of its words; who has the better one chooses first. */
function choose(communities: readonly Naming[], ranked: readonly (readonly Candidate[])[]): string[] {
  const labels = communities.map(() => '')
  const taken = new Set<string>()
  const key = (label: string): string => label.split(' ').sort().join(' ')
  const score = (at: number): number => ranked[at]?.[0]?.score ?? 0
  const order = communities.map((_, at) => at).sort((a, b) => score(b) - score(a) || a - b)
  for (const at of order) {
    const community = communities[at]
    if (community === undefined) continue
    for (const label of candidates(community, ranked[at] ?? [])) {
      if (taken.has(key(label))) continue
      labels[at] = label
      taken.add(key(label))
      break
    }
  }
  return labels
}

/** Below that a phrase says so little of its community that the name of a file says more. */
const TELLS_SOMETHING = 0.03

/** What a community of tests is called last: the first of these that stands in the name of one of its files. */
const ENDINGS: readonly string[] = ['tests', 'benches', 'benchmarks', 'examples', 'specs', 'test', 'bench', 'spec', 'fixtures', 'testdata']

function* candidates({ symbols, files, isTests }: Naming, ranked: readonly Candidate[]): Generator<string> {
  const ending = isTests ? (ENDINGS.find((word) => files.some((file) => file.toLowerCase().includes(word))) ?? '') : ''
  const ended = (words: readonly string[]): string =>
    ending === '' ? words.join(' ') : [...words.filter((word) => !ENDINGS.includes(word)).slice(0, 2), ending].join(' ')
  for (const { phrase, score } of ranked) if (score >= TELLS_SOMETHING) yield ended(phrase.split(' '))
  const root = nameWords(symbols.find(({ module }) => module.length > 0)?.module[0] ?? '')
  for (const file of files) {
    const folders = file.split('/').slice(0, -1).reverse().map(nameWords)
    const stem = nameWords(fileStem(file))
    if (stem.some((word) => !WEAK_WORDS.has(word))) yield ended(stem.slice(0, 3))
    if (root.length > 0 && stem.length > 0) yield ended([...root, ...stem].slice(0, 3))
    for (const folder of folders) if (folder.length > 0 && stem.length > 0) yield ended([...folder.slice(-1), ...stem.slice(0, 2)])
  }
  for (const { phrase } of ranked) yield ended(phrase.split(' '))
  // Two communities may split one file; letters tell them apart.
  const base = files[0] ?? 'rest'
  for (let turn = 0; ; turn += 1) yield `${base} part ${String.fromCharCode(97 + (turn % 26)).repeat(1 + Math.floor(turn / 26))}`
}

/** A fifth of the communities may speak of one thing. */
const COMMON = 0.2

/** A word that two of three communities share may still be the best that there is. */
const FEW = 3

function spreadOf(communities: readonly Naming[], masses: readonly ReadonlyMap<string, number>[]): (word: string) => number {
  const uses = new Map<string, number>()
  let count = 0
  for (const [at, { symbols, isTests }] of communities.entries()) {
    if (isTests) continue
    count += 1
    const whole = symbols.reduce((sum, { weight }) => sum + weight, 0)
    for (const [phrase, own] of masses[at] ?? []) if (own >= 0.3 * whole && !phrase.includes(' ')) add(uses, phrase, 1)
  }
  return (word) => Math.max(0, ((uses.get(word) ?? 1) - 1) / (count - 1 + FEW) - COMMON) / (1 - COMMON)
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
