import type { EdgeKind, GraphEdge } from '@doctown/common/contracts/graph.js'
import { confidenceOf, type Family } from './confidence.js'

/** Edges without repeats: of two ways to find one, the surer is told. */
export class EdgeSet {
  private readonly edges = new Map<string, GraphEdge>()

  add(source: string, target: string, kind: EdgeKind, provenance: string, family: Family = 'rust'): void {
    const key = `${source}\n${target}\n${kind}`
    const confidence = confidenceOf(kind, provenance, family)
    const known = this.edges.get(key)
    if (known !== undefined && (known.confidence > confidence || (known.confidence === confidence && known.provenance <= provenance)))
      return
    this.edges.set(key, { source, target, kind, provenance, confidence })
  }

  /** By source, target and kind, compared by code units. */
  sorted(): GraphEdge[] {
    return [...this.edges.values()].sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target) || compare(a.kind, b.kind))
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
