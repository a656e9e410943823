import { z } from 'zod'
import { EmbeddingModelSchema, type EmbeddingModel } from '../../contracts/embedding.js'
import { asDoctownError, DoctownError } from '../../contracts/errors.js'
import type { Secret } from '../../contracts/secret.js'
import { createHttpEmbedder } from './http.js'
import type { Embedder } from './port.js'

const HealthSchema = z.object({ model: EmbeddingModelSchema })

export interface RemoteModel {
  /** The service's model, asked for once and kept; a service that is away is asked again the next time. Throws `embedder_unavailable`. */
  readonly open: () => Promise<Embedder>
  readonly close: () => Promise<void>
}

/** A model behind HTTP that tells what it is: `GET /health` of the embedding service has `model: {name, revision, dimensions, max_tokens}`. */
export function createRemoteModel(options: { readonly url: string; readonly token?: Secret; readonly timeoutMs: number }): RemoteModel {
  let opening: Promise<Embedder> | null = null
  return {
    open() {
      opening ??= describe(options.url, options.timeoutMs).then((model) => createHttpEmbedder({ ...options, model }))
      // Not kept: the service may be there the next time.
      opening.catch(() => (opening = null))
      return opening
    },
    async close() {
      const open = await opening?.catch(() => null)
      await open?.close()
    },
  }
}

async function describe(url: string, timeoutMs: number): Promise<EmbeddingModel> {
  let body: unknown
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/health`, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    body = await response.json()
  } catch (error) {
    throw unavailable('it does not answer', asDoctownError(error))
  }
  const health = HealthSchema.safeParse(body)
  if (health.success) return health.data.model
  throw unavailable('its /health does not say which model it runs (`model: {name, revision, dimensions, max_tokens}`)')
}

const unavailable = (why: string, cause?: unknown): DoctownError =>
  new DoctownError('embedder_unavailable', `The embedding service cannot be used: ${why}. Check EMBEDDER_URL.`, { cause })
