import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { EmbeddingModelSchema } from '../../contracts/embedding.js'
import { DoctownError } from '../../contracts/errors.js'
import { sha256Hex } from '../../runtime/bytes.js'
import type { EmbedOptions, Embedder } from './port.js'
import { readTable } from './table-file.js'
import { createTableVectors } from './table-vectors.js'
import { fieldsOfText, subWords } from './table-words.js'

export interface StaticTableEmbedderOptions {
  /** Holds `model.json` and `table.bin`. */
  readonly folder: string
}

const ModelFileSchema = EmbeddingModelSchema.extend({ pooling: z.literal('table'), format: z.literal(1), table_sha256: z.string() })

/** The loop is given back after this long; a batch of the embed stage takes about as much. */
const SLICE_MS = 8

/** The built-in model: a table of token vectors, looked up here, with no network and no native code. Throws `model_invalid`. */
export async function createStaticTableEmbedder(options: StaticTableEmbedderOptions): Promise<Embedder> {
  const { model: description, bytes } = await readFolder(options.folder)
  const table = readTable(bytes)
  if (table.dimensions !== description.dimensions) throw broken('its two files disagree on the dimensions')
  const vectors = createTableVectors(table)
  const { name, revision, dimensions, max_tokens } = description

  async function embed<T>(items: readonly T[], one: (item: T, into: Float32Array, offset: number) => void, { signal }: EmbedOptions = {}) {
    const out = new Float32Array(items.length * dimensions)
    let until = performance.now() + SLICE_MS
    for (const [i, item] of items.entries()) {
      one(item, out, i * dimensions)
      if (performance.now() < until) continue
      await nextTurn()
      signal?.throwIfAborted()
      until = performance.now() + SLICE_MS
    }
    signal?.throwIfAborted()
    return out
  }

  return {
    model: { name, revision, dimensions, max_tokens },
    executionProvider: 'typescript',
    countTokens: (text) => subWords(text).length,
    embedDocuments: (documents, embedOptions) =>
      embed(documents, (document, into, at) => vectors.document(document.fields ?? fieldsOfText(document.text), into, at), embedOptions),
    embedQueries: (queries, embedOptions) => embed(queries, vectors.query, embedOptions),
    close: async () => {},
  }
}

async function readFolder(folder: string): Promise<{ model: z.infer<typeof ModelFileSchema>; bytes: Uint8Array }> {
  let text: string
  let bytes: Uint8Array
  try {
    text = await readFile(join(folder, 'model.json'), 'utf8')
    bytes = await readFile(join(folder, 'table.bin'))
  } catch (error) {
    throw broken('model.json or table.bin is missing', error)
  }
  let model: z.infer<typeof ModelFileSchema>
  try {
    model = ModelFileSchema.parse(JSON.parse(text))
  } catch (error) {
    throw broken('model.json does not describe a table', error)
  }
  if (sha256Hex(bytes) !== model.table_sha256) throw broken('the checksum of table.bin is not the one in model.json')
  return { model, bytes }
}

const broken = (why: string, cause?: unknown): DoctownError =>
  new DoctownError('model_invalid', `The built-in model cannot be used: ${why}. Restore its folder from the repository.`, { cause })
