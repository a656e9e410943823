/** The embed stage as a worker runs it, on the GPU that the product chooses by itself. Alone in a process, because a provider may crash it. Run by `gpu.ts` only. */
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { ChunkId } from '@doctown/common/contracts/ids.js'
import { createDeterministicEmbedder } from '@doctown/common/ports/embedder/deterministic.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { embedStage } from '../../src/stages/embed/stage.js'

export interface StageReport {
  readonly provider: string
  readonly refused: readonly { readonly provider: string; readonly reason: string }[]
  readonly tokensPerSecond: number
  /** Milliseconds since the epoch, for those who watch the card meanwhile. */
  readonly from: number
  readonly to: number
}
export type FromStageChild = { readonly report: StageReport } | { readonly reason: string }

const WORDS = 'returns the number of values open read write a file lock queue list map parse token impl struct result option'.split(' ')

// `as`: gpu.ts starts this file, with exactly these.
const [folder, seconds] = process.argv.slice(2) as [string, string]
const send = (message: FromStageChild): void => void process.send?.(message)

try {
  const text = await createOnnxEmbedder({ folder, gpu: 'true' })
  const random = createRandom(5)
  const chunk = (i: number): Chunk => {
    const words = Array.from({ length: 6 + Math.floor(random() * 200) }, () => WORDS[Math.floor(random() * WORDS.length)]!).join(' ')
    return {
      // The brand only keeps production code from mixing kinds of ids.
      chunk_id: `src/a.rs#f${i}@0` as ChunkId,
      symbol_id: null,
      file: 'src/a.rs',
      start_line: i + 1,
      end_line: i + 2,
      text: words,
      fields: { name: '', path: '', head: '', body: words, docs: '', marks: [] },
      tokens: text.countTokens(words),
    }
  }
  // Made beforehand: reading a repository is no part of embedding.
  const chunks = Array.from({ length: 4096 }, (_, i) => chunk(i))
  let tokens = 0
  const source = (until: number) =>
    (async function* () {
      for (let i = 0; Date.now() < until; i++) {
        const next = chunks[i % chunks.length]!
        tokens += Math.min(next.tokens, text.model.max_tokens)
        yield next
      }
    })()
  const run = async (ms: number): Promise<void> => {
    const signal = new AbortController().signal
    const ports = { small: createDeterministicEmbedder({ dimensions: 8 }), text }
    const context = { ports, log: silentLog, signal, progress: () => {}, seed: 1, tempDir: '' }
    for await (const _ of await embedStage.run(source(Date.now() + ms), context)) continue
  }
  await run(2000) // makes the shaders of the lengths that come
  tokens = 0
  const from = Date.now()
  await run(Number(seconds) * 1000)
  const to = Date.now()
  const report = { provider: text.executionProvider, refused: text.refused, tokensPerSecond: (tokens / (to - from)) * 1000, from, to }
  await text.close()
  send({ report })
} catch (error) {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${String(error.cause)})` : ''
  send({ reason: `${error instanceof Error ? error.message : String(error)}${cause}`.slice(0, 600) })
}
