import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { ParseItem } from '../../../src/pipeline/stage-io.js'
import { parseStage } from '../../../src/stages/parse/stage.js'
import { stageContext } from '../context.js'

export interface CollectOptions {
  readonly parallel?: number
  readonly signal?: AbortSignal
  readonly manifests?: readonly SourceFile[]
}

/** Runs the parse stage to its end. */
export async function parseAll(files: readonly SourceFile[], options: CollectOptions = {}): Promise<ParseItem[]> {
  const items: ParseItem[] = []
  const context = stageContext({ parallel: options.parallel ?? 2 }, { signal: options.signal })
  for await (const item of await parseStage.run({ files, manifests: options.manifests ?? [] }, context)) items.push(item)
  return items
}

export const rustFile = (path: string, text: string): SourceFile => ({ path, language: 'Rust', text })

/** What became of each file: its symbols' names or why it was skipped. */
export function outcomes(items: readonly ParseItem[]): string[] {
  return items.map((item) =>
    item.kind === 'skipped'
      ? `${item.skipped.file}: ${item.skipped.reason}`
      : `${item.parsed.file}: ${item.parsed.symbols.map(({ name }) => name).join(' ')}`,
  )
}
