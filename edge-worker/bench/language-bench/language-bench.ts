import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { GraphOutput } from '../../src/pipeline/stage-io.js'

/**
 * How to add a language: write `edge-worker/bench/languages/<language>.ts` with `export const bench: LanguageBench = { ... }`; the frame finds it by
 * its place, and `npm run bench:languages -- --only <language>` runs it. `run` fetches one real project of that language's own registry into
 * `tools.folder` (a temporary folder that is removed afterwards; commit nothing of it; pin the version, so that two runs measure the same), builds it
 * with `tools.build(folder)`, asks the ecosystem's own tool what is there, and returns one comparison a question: `compare('public symbols', ours, judges)`
 * with the same spelling of names on both sides (`pkg.Class.method`). Recall and precision below .95 are a MISS and end the bench with 1;
 * `--show 20` prints names that only one side has. A judge that is not installed: return `missing('why')`, which is told and is no pass.
 */
export interface LanguageBench {
  /** Name and version of the project, as its registry has them: `requests 2.32.5 (PyPI)`. */
  readonly project: string
  /** Who says what is right: `python ast`. */
  readonly judge: string
  readonly run: (tools: BenchTools) => Promise<readonly Comparison[]>
}

export interface BenchTools {
  /** Empty, and gone afterwards. */
  readonly folder: string
  /** Symbols, references and graph of what lies in a folder: all languages that Doctown reads, private symbols too. */
  readonly build: (folder: string) => Promise<BuiltProject>
}

export interface BuiltProject extends GraphOutput {
  readonly files: readonly ParsedFile[]
}

export interface Comparison {
  readonly what: string
  readonly ours: number
  readonly judges: number
  readonly both: number
  readonly onlyOurs: readonly string[]
  readonly onlyJudges: readonly string[]
  /** What must be reached; `null` where nothing is asked. */
  readonly floors: { readonly recall: number | null; readonly precision: number | null }
  /** Why there is nothing to compare. */
  readonly missing: string | null
}

const FLOOR = 0.95

/** Two sets of names; what only one side has is kept for `--show`, sorted. */
export function compare(
  what: string,
  ours: Iterable<string>,
  judges: Iterable<string>,
  floors: Comparison['floors'] = { recall: FLOOR, precision: FLOOR },
): Comparison {
  const left = new Set(ours)
  const right = new Set(judges)
  const onlyOurs = [...left].filter((name) => !right.has(name)).sort()
  const onlyJudges = [...right].filter((name) => !left.has(name)).sort()
  return { what, ours: left.size, judges: right.size, both: left.size - onlyOurs.length, onlyOurs, onlyJudges, floors, missing: null }
}

export function missing(what: string, why: string): Comparison {
  return { ...compare(what, [], [], { recall: null, precision: null }), missing: why }
}
