import { z } from 'zod'
import { ParsedFileSchema } from '@doctown/common/contracts/parsed-file.js'
import { SkippedFileSchema } from '@doctown/common/contracts/skip.js'
import { SourceFileSchema, type SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../../languages/language.js'
import { languageByName, packageFactsByLanguage } from '../../languages/languages.js'
import type { ParseInput, ParseItem, ParseOutput, ParsePorts } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { planBatches } from './batches.js'
import { createParserPool } from './pool.js'

/** Source files to symbols, references and ranges, in the order of the files. Parsing happens in child processes that may die. */
export const parseStage: Stage<ParseInput, ParseOutput, ParsePorts> = Object.freeze({
  name: 'parse',
  version: 1,
  input: z.object({ files: z.array(SourceFileSchema), manifests: z.array(SourceFileSchema) }),
  output: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('parsed'), parsed: ParsedFileSchema }),
    z.object({ kind: z.literal('skipped'), skipped: SkippedFileSchema }),
  ]),
  run: parseAll,
})

/** Batches that wait, parsed, for a slow reader, for each child. */
const BATCHES_AHEAD = 2

async function* parseAll(input: ParseInput, context: StageContext<ParsePorts>): AsyncGenerator<ParseItem> {
  const { signal, ports, log, progress } = context
  signal.throwIfAborted()
  const packages = packageFactsByLanguage(input.manifests)
  const sources = new Map(input.files.map((file): [string, SourceFile] => [file.path, file]))
  const batches = planBatches(input.files)
  const size = Math.max(1, Math.min(ports.parallel, batches.length))
  const pool = createParserPool({ size, packages, log })
  const stop = (): void => pool.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const running: Promise<ParseItem[]>[] = []
    let next = 0
    let done = 0
    for (;;) {
      while (running.length < size * BATCHES_AHEAD && next < batches.length) running.push(quiet(pool.parse(batches[next++] ?? [])))
      const first = running.shift()
      if (first === undefined) return
      const items = await first.catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
      for (const item of items) {
        progress(++done, input.files.length)
        yield complete(item, sources, packages)
        signal.throwIfAborted()
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    pool.close()
  }
}

/** Adds what other files say about this one's symbols. */
function complete(item: ParseItem, sources: ReadonlyMap<string, SourceFile>, packages: Readonly<Record<string, PackageFacts>>): ParseItem {
  if (item.kind === 'skipped') return item
  const language = languageByName(item.parsed.language)
  const facts = packages[item.parsed.language] ?? { packages: [] }
  return language?.complete === undefined ? item : { kind: 'parsed', parsed: language.complete(item.parsed, sources, facts) }
}

/** A batch may fail before its turn to be awaited comes; that is not an unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
