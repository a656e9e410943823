import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'

export interface LabelScores {
  /** Share of the symbols whose own cluster's label is the nearest of all, and among the nearest three. */
  readonly top1: number
  readonly top3: number
  /** Top-1 of somebody who always says the biggest cluster. */
  readonly biggest: number
  readonly symbols: number
}

/**
 * How well labels tell their clusters apart: a reader who knows nothing but the labels puts each symbol under the one that its text is nearest to
 * (cosine of the built-in model; the label as a query, the symbol as a document). Ties go to the cluster that comes first.
 */
export async function scoreLabels(
  clusters: readonly Cluster[],
  vectors: ReadonlyMap<string, Float32Array>,
  embedder: Pick<Embedder, 'embedQueries' | 'model'>,
): Promise<LabelScores> {
  const labels = await embedder.embedQueries(clusters.map(({ label }) => label))
  const { dimensions } = embedder.model
  let [symbols, first, three, biggest] = [0, 0, 0, 0]
  clusters.forEach(({ members }, own) => {
    for (const member of members) {
      const vector = vectors.get(member)
      if (vector === undefined) continue
      const cosines = clusters.map((_, at) => {
        let sum = 0
        for (let i = 0; i < dimensions; i++) sum += vector[i]! * labels[at * dimensions + i]!
        return sum
      })
      const better = cosines.filter((cosine, at) => cosine > cosines[own]! || (cosine === cosines[own]! && at < own)).length
      symbols += 1
      first += Number(better === 0)
      three += Number(better < 3)
      biggest += Number(own === 0)
    }
  })
  return { top1: first / symbols, top3: three / symbols, biggest: biggest / symbols, symbols }
}
