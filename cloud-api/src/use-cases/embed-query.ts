import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { EmbeddingModel } from '@doctown/common/contracts/embedding.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { within } from './within.js'

/** A person waits for it: past this the built-in model alone is used. */
const PATIENCE_MS = 300

type QueryModel = Pick<Embedder, 'model' | 'embedQueries'>

export interface QueryModels {
  /** The model that comes with the program: the one that every build's `small` vectors are of. */
  readonly small: QueryModel
  /** The builds' second model behind EMBEDDER_URL, once it has said what it is; `null` when none is named. */
  readonly text: (() => Promise<QueryModel>) | null
}

export interface EmbeddedQuery {
  readonly near: { readonly small: Float32Array; readonly text?: Float32Array }
  /** Name and revision of what made them. */
  readonly models: { readonly small: string; readonly text: string | null }
  readonly notes: readonly string[]
}

/** The query by every model that answers in time. Never waits for the second one longer than 300 ms, and says when it is missing. */
export async function embedQuery({ small, text }: QueryModels, query: string): Promise<EmbeddedQuery> {
  const [ours, theirs] = await Promise.all([small.embedQueries([query]), text === null ? null : embedRemote(text, query)])
  const name = modelName(small.model)
  if (theirs === null) return { near: { small: ours }, models: { small: name, text: null }, notes: [] }
  if (theirs instanceof DoctownError)
    return {
      near: { small: ours },
      models: { small: name, text: null },
      notes: [`The embedding service is not used (${theirs.message}) Meaning is compared by ${name} alone.`],
    }
  return { near: { small: ours, text: theirs.vector }, models: { small: name, text: theirs.name }, notes: [] }
}

async function embedRemote(
  text: () => Promise<QueryModel>,
  query: string,
): Promise<{ readonly vector: Float32Array; readonly name: string } | DoctownError> {
  const late = (): DoctownError => new DoctownError('embedder_unavailable', `It did not answer within ${PATIENCE_MS} ms.`)
  try {
    return await within(ask(text, query), PATIENCE_MS, late)
  } catch (error) {
    if (error instanceof DoctownError) return error
    throw error
  }
}

async function ask(text: () => Promise<QueryModel>, query: string): Promise<{ readonly vector: Float32Array; readonly name: string }> {
  const remote = await text()
  return { vector: await remote.embedQueries([query], { signal: AbortSignal.timeout(PATIENCE_MS) }), name: modelName(remote.model) }
}

const modelName = ({ name, revision }: EmbeddingModel): string => `${name} ${revision}`
