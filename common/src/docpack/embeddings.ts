import type { VectorBlock } from '../contracts/embedding.js'
import type { Manifest } from '../contracts/manifest.js'

export type EmbeddingsLayout = Manifest['embeddings']['blocks']

/** embeddings.bin: the blocks one behind the other, little-endian float32, and where each begins. */
export function packEmbeddings(blocks: readonly VectorBlock[]): { readonly bytes: Uint8Array; readonly layout: EmbeddingsLayout } {
  const layout: EmbeddingsLayout = []
  const bytes = new Uint8Array(blocks.reduce((sum, { values }) => sum + values.byteLength, 0))
  let offset = 0
  for (const { name, rows, dimensions, values } of blocks) {
    layout.push({ name, rows, dimensions, offset })
    // Every machine that Node 20 runs Doctown on is little-endian, so the bytes in memory are the bytes of the file.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset)
    offset += values.byteLength
  }
  return { bytes, layout }
}

/** The named block, copied; `undefined` when the file has none or is too short for it. */
export function unpackBlock(bytes: Uint8Array, layout: EmbeddingsLayout, name: VectorBlock['name']): VectorBlock | undefined {
  const block = layout.find((each) => each.name === name)
  if (block === undefined) return undefined
  const end = block.offset + block.rows * block.dimensions * 4
  if (end > bytes.byteLength) return undefined
  // Not `slice`: a Buffer's shares the bytes of the whole file.
  const values = new Float32Array(Uint8Array.from(bytes.subarray(block.offset, end)).buffer)
  return { name, rows: block.rows, dimensions: block.dimensions, values }
}
