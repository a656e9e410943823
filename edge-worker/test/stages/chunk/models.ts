import type { ChunkPorts } from '../../../src/pipeline/stage-io.js'

/** Counts as sub-word models do: pieces of up to five letters, each digit, each mark, and two special tokens. */
export function pieceModel(maxTokens: number): ChunkPorts['embedders'][number] {
  return {
    model: { name: 'pieces', revision: '1', dimensions: 8, max_tokens: maxTokens },
    countTokens: (text) => 2 + (text.match(/[\p{L}_]{1,5}|[^\s\p{L}_]/gu) ?? []).length,
  }
}
