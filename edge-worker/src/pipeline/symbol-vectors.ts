import type { EmbeddedChunk } from '@doctown/common/contracts/embedding.js'
import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'

/** Unit-length mean of each symbol's chunk vectors, by symbol id. Chunks of no symbol are left out. */
export function meanBySymbol(embedded: readonly EmbeddedChunk[], model: 'small' | 'text'): Map<string, Float32Array> {
  const sums = new Map<string, Float32Array>()
  for (const item of embedded) {
    const vector = model === 'small' ? item.small : item.text
    const id = item.chunk.symbol_id
    if (id === null || vector === null) continue
    const sum = sums.get(id)
    if (sum === undefined) sums.set(id, Float32Array.from(vector))
    else for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!
  }
  for (const sum of sums.values()) normaliseRows(sum, sum.length)
  return sums
}
