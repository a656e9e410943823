import type { Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import type { TrainInput } from '../../../src/pipeline/stage-io.js'

/** Groups of nodes with many edges inside and few between; each node's text is that of its group, blurred. */
export function groups({ count, size, seed = 3, steps = 0 }: { count: number; size: number; seed?: number; steps?: number }): TrainInput & {
  textVectors: Map<string, Float32Array>
} {
  const random = createRandom(seed)
  const id = (group: number, i: number): string => `g${group}/n${String(i).padStart(3, '0')}`
  const nodes: GraphNode[] = []
  const edges: Graph['edges'] = []
  const textVectors = new Map<string, Float32Array>()
  for (let group = 0; group < count; group++) {
    const centre = Array.from({ length: 32 }, () => random() - 0.5)
    for (let i = 0; i < size; i++) {
      nodes.push(node(id(group, i)))
      textVectors.set(
        id(group, i),
        Float32Array.from(centre, (value) => value + 0.5 * (random() - 0.5)),
      )
      for (let n = 0; n < 3; n++) edges.push(edge(id(group, i), id(group, Math.floor(random() * size))))
      if (random() < 0.1) edges.push(edge(id(group, i), id(Math.floor(random() * count), Math.floor(random() * size))))
    }
  }
  return { graph: { nodes, edges }, textVectors, steps }
}

export const node = (id: string): GraphNode => ({
  id,
  kind: 'symbol',
  name: id,
  symbol_type: 'function',
  file: 'a.rs',
  line: 1,
  end_line: 1,
  public: true,
  in_degree: 0,
  out_degree: 0,
  pagerank: 0,
})
export const edge = (source: string, target: string): Graph['edges'][number] => ({
  source,
  target,
  kind: 'calls',
  provenance: 'test',
  confidence: 1,
})
