import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SkippedFile } from '@doctown/common/contracts/skip.js'
import type { Emit } from './run.js'
import type { ParseItem } from './stage-io.js'
import type { TimedStream } from './step.js'

/** The stream of parsed files, which keeps what has flowed through it for the stages that want the whole. */
export class ParsedFiles implements TimedStream<ParsedFile> {
  readonly files: ParsedFile[] = []
  readonly skipped: SkippedFile[] = []

  constructor(
    private readonly items: TimedStream<ParseItem>,
    private readonly emit: Emit,
  ) {}

  get waitedMs(): number {
    return this.items.waitedMs
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ParsedFile> {
    for await (const item of this.items) {
      if (item.kind === 'parsed') {
        this.files.push(item.parsed)
        yield item.parsed
      } else {
        this.skipped.push(item.skipped)
        this.emit('ingest.file_skipped.v1', item.skipped)
      }
    }
  }

  /** Files by language name, names sorted. */
  languages(): Record<string, number> {
    const counts = new Map<string, number>()
    for (const { language } of this.files) counts.set(language, (counts.get(language) ?? 0) + 1)
    return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** What files say of themselves, in the order of the files. */
  fileDocs(): { file: string; text: string }[] {
    return this.files.flatMap(({ file, file_docs: text }) => (text === null ? [] : [{ file, text }]))
  }

  diagnostics(): Diagnostic[] {
    return this.files.flatMap((file) => file.diagnostics)
  }
}
