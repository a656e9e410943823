import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { EmbeddingModel } from '../../contracts/embedding.js'
import { asDoctownError, DoctownError } from '../../contracts/errors.js'
import type { Secret } from '../../contracts/secret.js'
import type { EmbedOptions, Embedder } from './port.js'

export interface HttpEmbedderOptions {
  /** The embedding service, `http://host:8000`; with `serverless`, an endpoint that answers `/runsync` and `/status/{id}`. */
  readonly url: string
  readonly serverless?: boolean
  readonly token?: Secret
  /** What the other side runs; a vector of another width is refused. */
  readonly model: EmbeddingModel
  /** The model's own count, where its tokenizer is at hand; otherwise a cautious estimate. */
  readonly countTokens?: (text: string) => number
  /** Whole time of one request, default 60,000. */
  readonly timeoutMs?: number
  /** Texts a request, default 128. */
  readonly batchSize?: number
}

const AnswerSchema = z.object({
  batch_id: z.string(),
  vectors: z.array(z.object({ chunk_id: z.string(), vector: z.array(z.number()) })),
})

const RunSchema = z.object({
  id: z.string().optional(),
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT']),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
})

const POLL_MS = 500

/** A model behind HTTP: our embedding service's `POST /embed`, or a serverless endpoint of the same shapes. Throws `embedder_unavailable`. */
export function createHttpEmbedder(options: HttpEmbedderOptions): Embedder {
  const { model, timeoutMs = 60_000, batchSize = 128 } = options
  const base = options.url.replace(/\/+$/, '')
  const closing = new AbortController()

  async function embed(texts: readonly string[], kind: 'document' | 'query', signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted()
    const out = new Float32Array(texts.length * model.dimensions)
    for (let start = 0; start < texts.length; start += batchSize) {
      const batch = texts.slice(start, start + batchSize)
      const chunks = batch.map((content, i) => ({ chunk_id: String(start + i), content }))
      // `input_type` is left out for documents: a service that has never heard of it answers the same.
      const input = { batch_id: `batch-${start}`, ...(kind === 'query' ? { input_type: kind } : {}), chunks }
      const answer = AnswerSchema.safeParse(await request(input, signal))
      if (!answer.success) throw unavailable('its answer is not {batch_id, vectors:[{chunk_id, vector}]}', answer.error)
      place(answer.data.vectors, { start, count: batch.length, out })
    }
    return out
  }

  /** Vectors go where their ids say, whatever order the service keeps. */
  function place(vectors: z.infer<typeof AnswerSchema>['vectors'], to: { start: number; count: number; out: Float32Array }): void {
    const byId = new Map(vectors.map(({ chunk_id, vector }) => [chunk_id, vector]))
    for (let i = to.start; i < to.start + to.count; i++) {
      const vector = byId.get(String(i))
      if (vector === undefined) throw unavailable(`a vector is missing from its answer`)
      if (vector.length !== model.dimensions) {
        throw unavailable(`its vectors have ${vector.length} dimensions and those of ${model.name} have ${model.dimensions}`)
      }
      const length = Math.hypot(...vector)
      if (!Number.isFinite(length)) throw unavailable('a vector in its answer is not finite')
      to.out.set(length === 0 ? vector : vector.map((value) => value / length), i * model.dimensions)
    }
  }

  async function request(input: unknown, signal?: AbortSignal): Promise<unknown> {
    const deadline = AbortSignal.timeout(timeoutMs)
    const all = AbortSignal.any([deadline, closing.signal, ...(signal === undefined ? [] : [signal])])
    try {
      if (options.serverless !== true) return await send('/embed', input, all)
      let run = RunSchema.parse(await send('/runsync', { input }, all))
      while (run.status === 'IN_QUEUE' || run.status === 'IN_PROGRESS') {
        await sleep(POLL_MS, undefined, { signal: all })
        run = RunSchema.parse(await send(`/status/${encodeURIComponent(run.id ?? '')}`, undefined, all))
      }
      if (run.status !== 'COMPLETED') throw unavailable(`the run ended as ${run.status}`)
      return run.output
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      if (deadline.aborted) throw unavailable(`it did not answer within ${timeoutMs} ms`, error)
      if (error instanceof DoctownError) throw error
      throw unavailable('the connection failed or the answer is not JSON of the agreed shape', error)
    }
  }

  async function send(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token.reveal()}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'error',
      signal,
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw unavailable(`it answered with status ${response.status}`)
    }
    return response.json()
  }

  return {
    model,
    executionProvider: 'http',
    countTokens: options.countTokens ?? estimateTokens,
    embedDocuments: (documents, { signal }: EmbedOptions = {}) =>
      embed(
        documents.map(({ text }) => text),
        'document',
        signal,
      ),
    embedQueries: (queries, { signal }: EmbedOptions = {}) => embed(queries, 'query', signal),
    close: async () => closing.abort(asDoctownError(new Error('the embedder was closed'), 'cancelled')),
  }
}

/** Rather too many than too few: a token for each 3 letters of a word and for each other visible sign, and 2 special ones. */
function estimateTokens(text: string): number {
  let tokens = 2
  for (const [piece] of text.matchAll(/[A-Za-z]+|[^\sA-Za-z]/gu)) tokens += Math.ceil(piece.length / 3)
  return tokens
}

const unavailable = (why: string, cause?: unknown): DoctownError =>
  new DoctownError('embedder_unavailable', `The embedding service cannot be used: ${why}. Check EMBEDDER_URL and the service's log.`, {
    cause,
  })
