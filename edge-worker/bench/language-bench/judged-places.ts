import type { JudgedCall } from './call-edges.js'
import { symbolsAt } from './call-edges.js'
import type { BuiltProject } from './language-bench.js'

/** A use of a function as a judge in another language tells it, one JSON object a line; offsets in bytes of the file. */
interface JudgedUse {
  /** `seen`: a function whose body the judge reads, told where code may be left out by a preprocessor. */
  readonly kind: 'call' | 'value' | 'seen'
  readonly from: { readonly file: string; readonly offset: number }
  readonly to: { readonly file: string; readonly offset: number }
}

/** The lines that a judge printed, by our ids; what stands outside all symbols is left out. */
export function readJudgedUses(built: BuiltProject, lines: string): { calls: JudgedCall[]; values: JudgedCall[]; seen: Set<string> } {
  const at = symbolsAt(built)
  const bytes = new Map(built.files.map(({ file, text }) => [file, Buffer.from(text)]))
  const symbolOf = ({ file, offset }: JudgedUse['from']): string | null => {
    const text = bytes.get(file)
    return text === undefined ? null : at(file, text.subarray(0, offset).toString('utf8').length)
  }
  const calls: JudgedCall[] = []
  const values: JudgedCall[] = []
  const seen = new Set<string>()
  for (const line of lines.split('\n')) {
    if (line === '') continue
    // `as`: our own judges print these lines.
    const use = JSON.parse(line) as JudgedUse
    const from = symbolOf(use.from)
    const to = symbolOf(use.to)
    if (from === null || to === null) continue
    if (use.kind === 'seen') seen.add(from)
    else (use.kind === 'call' ? calls : values).push({ from, to })
  }
  return { calls, values, seen }
}
