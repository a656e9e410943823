import type { EmbeddedChunk, VectorBlock } from '@doctown/common/contracts/embedding.js'
import type { PackageInput } from '../../pipeline/stage-io.js'

/** The blocks of embeddings.bin in the order of the format: `small` and `text` with a row a chunk, `structure` with a row a graph node. */
export function vectorBlocks({ embedded, structure }: Pick<PackageInput, 'embedded' | 'structure'>): VectorBlock[] {
  const chunkBlocks = (['small', 'text'] as const).flatMap((name) => chunkBlock(name, embedded) ?? [])
  return structure === null || structure.rows === 0 ? chunkBlocks : [...chunkBlocks, structure]
}

/** `undefined` unless every chunk has the vector. */
function chunkBlock(name: 'small' | 'text', embedded: readonly EmbeddedChunk[]): VectorBlock | undefined {
  const dimensions = embedded[0]?.[name]?.length ?? 0
  if (dimensions === 0 || embedded.some((each) => each[name]?.length !== dimensions)) return undefined
  const values = new Float32Array(embedded.length * dimensions)
  embedded.forEach((each, row) => values.set(each[name] ?? [], row * dimensions))
  return { name, rows: embedded.length, dimensions, values }
}
