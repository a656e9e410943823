import { nameWords } from './name-words.js'

/** What a community is named after. */
export interface Naming {
  /** Names of the member symbols, and the module path each is written in. */
  readonly symbols: readonly { readonly name: string; readonly module: readonly string[] }[]
  /** What its languages write between the names of a path; `::` when left out. */
  readonly separator?: '::' | '.'
  /** Files of the members, for a community that holds no symbol. */
  readonly files: readonly string[]
}

/** A module path is a label when at least this share of the members is written under it. */
const SHARED_PATH = 0.6

/**
 * One label for each community, all different, none a number: the members' common module path where they have one, with one or two
 * telling words behind it where several communities live in one module, or else up to three words that the members' names
 * have and other communities' names have not (tf-idf). Deterministic; the order of the communities decides ties.
 */
export function labelCommunities(communities: readonly Naming[]): string[] {
  const paths = communities.map((community) => commonPath(community.symbols.map((symbol) => symbol.module)))
  const words = tellingWords(communities)
  const written = paths.map((path, position) => path.join(communities[position]?.separator ?? '::'))
  const pathUses = count(written)
  const taken = new Set<string>()
  return communities.map((community, position) => {
    const path = written[position] ?? ''
    const inPath = new Set(nameWords(path))
    const ranked = withoutTwins((words[position] ?? []).filter((word) => !inPath.has(word)))
    const label = [...candidates({ path, isShared: (pathUses.get(path) ?? 0) > 1, ranked, files: community.files })].find(
      (text) => !taken.has(text),
    )
    const unique = label ?? lastResort(community.files, taken)
    taken.add(unique)
    return unique
  })
}

/** The longest path that at least 60 % of the modules begin with; empty when they do not even share the first segment. */
function commonPath(modules: readonly (readonly string[])[]): readonly string[] {
  let shared: readonly string[] = []
  for (;;) {
    const depth = shared.length
    const next = count(
      modules.filter((module) => shared.every((segment, at) => module[at] === segment)).flatMap((module) => module[depth] ?? []),
    )
    const [segment, holders] = [...next].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0] ?? ['', 0]
    if (holders === 0 || holders < SHARED_PATH * modules.length) return shared
    shared = [...shared, segment]
  }
}

/** The words of each community's names, most telling first. */
function tellingWords(communities: readonly Naming[]): string[][] {
  const termCounts = communities.map((community) => count(community.symbols.flatMap((symbol) => [...new Set(nameWords(symbol.name))])))
  const communitiesWith = count(termCounts.flatMap((counts) => [...counts.keys()]))
  return termCounts.map((counts) =>
    [...counts]
      .map(([word, uses]) => ({ word, score: uses * Math.log(1 + communities.length / (communitiesWith.get(word) ?? 1)) }))
      .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .map(({ word }) => word),
  )
}

/** Of words that begin alike, such as capture and captures, only the first: the second would tell nothing more. Bounded, for labels need few. */
function withoutTwins(words: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (const word of words.slice(0, 40)) if (!kept.some((other) => other.startsWith(word) || word.startsWith(other))) kept.push(word)
  return kept
}

interface CandidateInput {
  readonly path: string
  readonly isShared: boolean
  readonly ranked: readonly string[]
  readonly files: readonly string[]
}

/** Labels from the nicest to the last that still says something. */
function* candidates({ path, isShared, ranked, files }: CandidateInput): Generator<string> {
  const [first, second, third] = ranked
  if (path !== '') {
    if (!isShared || first === undefined) yield path
    // A whole crate's name alone says little, so two words follow it.
    if (!/::|\./.test(path) && second !== undefined) yield `${path} ${first ?? ''} ${second}`
    for (const word of ranked.slice(0, 3)) yield `${path} ${word}`
    for (const word of ranked.slice(1, 8)) yield `${path} ${first ?? ''} ${word}`
  } else {
    if (first !== undefined && second !== undefined && third !== undefined) yield `${first} ${second} ${third}`
    if (first !== undefined && second !== undefined) yield `${first} ${second}`
    if (first !== undefined) yield first
    for (const word of ranked.slice(3, 10)) yield `${first ?? ''} ${second ?? ''} ${word}`
  }
  for (const file of files.slice(0, 5)) yield path === '' ? file : `${path} ${file}`
}

/** Two communities may split one file; letters tell them apart. */
function lastResort(files: readonly string[], taken: ReadonlySet<string>): string {
  const base = files[0] ?? 'rest'
  for (let turn = 0; ; turn += 1) {
    const label = `${base} part ${String.fromCharCode(97 + (turn % 26)).repeat(1 + Math.floor(turn / 26))}`
    if (!taken.has(label)) return label
  }
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
