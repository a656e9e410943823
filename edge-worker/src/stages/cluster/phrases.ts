import { STOP_WORDS, isTwin, nameWords } from './name-words.js'

/** One symbol of a cluster, with what a label may be drawn from. */
export interface Named {
  readonly id: string
  readonly name: string
  /** The type or class that it is, or that it is written in; `null` for what stands free. */
  readonly type: string | null
  /** Whether it is that type itself: what is called by a noun. */
  readonly isType: boolean
  /** The path of its module as segments; empty where its language has none. */
  readonly module: readonly string[]
  readonly file: string
  readonly docs: string | null
  /** How much of its cluster it makes up: grows with its centrality. */
  readonly weight: number
}

/** How strongly a phrase stands for a symbol, by the place where it was found. Judgement, by eye on the DEV repositories. */
const CODE = { name: 1, module: 0.8, outerModule: 0.4, docs: 0.5 }
/** A test's file says what is tested; its helpers have any name. */
const TESTS = { name: 0.5, module: 1, outerModule: 0.2, docs: 0.2 }
const LONGEST = 3
/** Files that every folder or package has one of. */
const ROOT_FILES: ReadonlySet<string> = new Set(['lib', 'mod', 'main', 'index', '__init__'])
/** The first sentences of a comment tell what a thing is; what follows tells of others. */
const DOC_WORDS = 60

/** The phrases of one symbol, such as `blocking pool`, each with the strength of its best place. Of the docs only words that `vocabulary` holds. */
export function phrasesOf(symbol: Named, vocabulary: ReadonlySet<string>, isTests: boolean): Map<string, number> {
  const strength = isTests ? TESTS : CODE
  const found = new Map<string, number>()
  const add = (words: readonly string[], strength: number): void => {
    for (const phrase of runs(words)) if ((found.get(phrase) ?? 0) < strength) found.set(phrase, strength)
  }
  add(nameWords(symbol.name), strength.name)
  if (symbol.type !== null) {
    add(nameWords(symbol.type), strength.name)
    add(inModule(symbol.type, symbol.module), strength.name)
  }
  const places = [...new Set([...symbol.module.slice(-2), fileStem(symbol.file)])].filter((place) => !ROOT_FILES.has(place))
  for (const place of places)
    add(nameWords(place), place === symbol.module.at(-2) || place === symbol.module[0] ? strength.outerModule : strength.module)
  if (symbol.docs !== null) for (const piece of docPieces(symbol.docs, vocabulary)) add(piece, strength.docs)
  return found
}

/** `b` of `a/b.test.ts`. */
export const fileStem = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/(?<=.)\..*$/, '')

/** A type of one word is told apart by its module: `watch receiver`, `runtime builder`. The first segment, a package, says too little. */
function inModule(type: string, module: readonly string[]): readonly string[] {
  const words = nameWords(type)
  const around = module
    .slice(1)
    .map(nameWords)
    .findLast((place) => place.length === 1 && !isTwin(place[0] ?? '', words[0] ?? ''))
  return words.length !== 1 || around === undefined ? [] : [...around, ...words]
}

/** Runs of one to three different words none of them a stop word. */
function* runs(words: readonly string[]): Generator<string> {
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= Math.min(words.length, from + LONGEST); to += 1) {
      const run = words.slice(from, to)
      if (!run.some(isStop) && new Set(run).size === run.length) yield run.join(' ')
    }
  }
}

const isStop = (word: string): boolean => word.length < 2 || STOP_WORDS.has(word)

/** Runs of words in the first sentences of a comment, broken at punctuation, code, stop words and words that nothing is named with. */
function* docPieces(docs: string, vocabulary: ReadonlySet<string>): Generator<string[]> {
  const text = docs
    .slice(0, DOC_WORDS * 20)
    .replace(/```[\s\S]*?(?:```|$)/g, '. ')
    .split(/\s+/)
    .slice(0, DOC_WORDS)
    .join(' ')
  for (const piece of text.split(/[.,;:!?()[\]{}"`<>|=/\\]+|\s[-*#]+\s/)) {
    let words: string[] = []
    for (const word of piece.split(/[ -]/).flatMap(docWords)) {
      const known = vocabulary.has(word) ? word : word.endsWith('s') && vocabulary.has(word.slice(0, -1)) ? word.slice(0, -1) : null
      if (known !== null && !STOP_WORDS.has(known)) words.push(known)
      else {
        if (words.length > 0) yield words
        words = []
      }
    }
    if (words.length > 0) yield words
  }
}

const docWords = (token: string): string[] => (/^[\p{L}_][\p{L}\d_]*$/u.test(token) ? nameWords(token) : [''])
