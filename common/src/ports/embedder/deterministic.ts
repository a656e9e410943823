import { createHash } from 'node:crypto'
import { createRandom } from '../../runtime/random.js'
import type { Embedder } from './port.js'

export interface DeterministicEmbedderOptions {
  readonly dimensions?: number
  readonly maxTokens?: number
}

/** For tests: a text's vector is the sum of one random vector a word, so that texts that share words are near. Needs no file. */
export function createDeterministicEmbedder({ dimensions = 32, maxTokens = 256 }: DeterministicEmbedderOptions = {}): Embedder {
  const cache = new Map<string, Float32Array>()

  function vectorOf(word: string): Float32Array {
    const known = cache.get(word)
    if (known !== undefined) return known
    const random = createRandom(createHash('sha256').update(word).digest().readUInt32LE(0))
    const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5)
    cache.set(word, vector)
    return vector
  }

  async function embed(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array> {
    signal?.throwIfAborted()
    const out = new Float32Array(texts.length * dimensions)
    texts.forEach((text, row) => {
      const sum = out.subarray(row * dimensions, (row + 1) * dimensions)
      // The empty word stands in every text, so that no vector is zero.
      for (const word of ['', ...wordsOf(text).slice(0, maxTokens)]) vectorOf(word).forEach((value, i) => (sum[i]! += value))
      const length = Math.hypot(...sum)
      sum.forEach((value, i) => (sum[i] = value / length))
    })
    return out
  }

  return {
    model: { name: 'deterministic', revision: '1', dimensions, max_tokens: maxTokens },
    executionProvider: 'typescript',
    countTokens: (text) => wordsOf(text).length,
    embedDocuments: (documents, options) =>
      embed(
        documents.map(({ text }) => text),
        options?.signal,
      ),
    embedQueries: (queries, options) => embed(queries, options?.signal),
    close: async () => {},
  }
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
