import { compare, type BuiltProject, type Comparison } from './language-bench.js'

/** One call as a judge sees it: who calls, what is called, both by our ids. */
export interface JudgedCall {
  readonly from: string
  readonly to: string
}

/**
 * Our call edges against a judge's. Edges of functions that are handed over (`value`) are right where the judge sees the name used.
 * Left out on both sides: calls of what is no function or method of its own (a field or type that holds one), and of a symbol by itself,
 * where a judge cannot be told from its local functions. Overloads are one function here: which was meant is the compiler's matter.
 * Precision has a floor, recall is told. `onlyJudged`, for a judge that is silent about much: an edge counts where the judge
 * goes anywhere from a call of that name in that function; functions handed over do not. `eachOverload`: they are told apart. `seen`: only what these call.
 */
export function compareCalls(
  built: BuiltProject,
  calls: Iterable<JudgedCall>,
  values: Iterable<JudgedCall> = [],
  options: { readonly onlyJudged?: boolean; readonly eachOverload?: boolean; readonly seen?: ReadonlySet<string> } = {},
): Comparison {
  const functions = new Set(
    built.symbols.filter(({ symbol_type: type }) => type === 'function' || type === 'method').map(({ id }) => id as string),
  )
  const isCounted = ({ from, to }: JudgedCall): boolean => functions.has(to) && plain(from) !== plain(to)
  calls = [...calls]
  const pair = ({ from, to }: JudgedCall): string => (options.eachOverload === true ? `${from} -> ${to}` : `${plain(from)} -> ${plain(to)}`)
  const spoken = new Set([...calls].map(({ from, to }) => `${plain(from)} ${nameOf(to)}`))
  const judged = new Set([...calls].filter(isCounted).map(pair))
  const used = new Set([...values].filter(isCounted).map(pair))
  const ours = new Map<string, string>()
  for (const { kind, source, target, provenance } of built.graph.edges) {
    if (options.onlyJudged === true && !(provenance !== 'value' && spoken.has(`${plain(source)} ${nameOf(target)}`))) continue
    if (options.seen?.has(source) === false) continue
    if (kind === 'calls' && isCounted({ from: source, to: target })) ours.set(pair({ from: source, to: target }), provenance)
  }
  const handed = [...ours].flatMap(([key, provenance]) => (provenance === 'value' && used.has(key) ? [key] : []))
  const right = new Set([...judged, ...handed])
  for (const [provenance, [good, whole]] of byProvenance([...ours], right))
    console.warn(`  ${provenance.padEnd(18)} ${good} of ${whole} right`)
  return compare('calls', ours.keys(), right, { recall: null, precision: 0.95 })
}

function byProvenance(ours: readonly (readonly [string, string])[], judged: ReadonlySet<string>): Map<string, [number, number]> {
  const counts = new Map<string, [number, number]>()
  for (const [key, provenance] of [...ours].sort((a, b) => (a[1] < b[1] ? -1 : 1))) {
    const [right, whole] = counts.get(provenance) ?? [0, 0]
    counts.set(provenance, [right + (judged.has(key) ? 1 : 0), whole + 1])
  }
  return counts
}

function nameOf(id: string): string {
  return plain(id).replace(/^.*[#.:]/, '')
}

/** Without the number of an overload. */
function plain(id: string): string {
  return id.replace(/~\d+(?=$|\.)/g, '')
}

/** Finds the innermost symbol at an offset of a file. */
export function symbolsAt(built: BuiltProject): (file: string, offset: number) => string | null {
  const byFile = new Map(built.files.map((file) => [file.file, file.ranges.flatMap((each) => (each.symbol_id === null ? [] : [each]))]))
  return (file, offset) => {
    let best: { readonly id: string; readonly size: number } | null = null
    for (const { symbol_id: id, start, end } of byFile.get(file) ?? []) {
      if (start > offset || end <= offset || (best !== null && end - start > best.size)) continue
      best = { id: id ?? '', size: end - start }
    }
    return best?.id ?? null
  }
}
