import type { Graph } from '@doctown/common/contracts/graph.js'
import { fnv1a } from '@doctown/common/runtime/fnv1a.js'
import { numberEdges, type NumberedEdges } from '@doctown/common/runtime/number-edges.js'
import { centreRows } from './centre-text.js'
import { drawProjection, projectRows } from './project.js'
import type { StructureInput } from './structure-model.js'

/** Beyond this many nodes their texts are made narrower: while training three tables of nodes * dimensions floats are held. */
const WIDE_NODES = 50_000
const NARROW = 96
const SEED = 0x7e87

/** The graph and its texts as arrays. Edges of several kinds between two nodes stay apart: two ties bind more than one. */
export function toStructureInput(graph: Graph, textVectors: ReadonlyMap<string, Float32Array>): StructureInput {
  const { nodes, edges } = graph
  const kinds = new Map([...new Set(nodes.map(kindOf))].sort().map((kind, number) => [kind, number]))
  const nodeKeys = new Uint32Array(nodes.length)
  const nodeKinds = new Uint8Array(nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    nodeKeys[i] = fnv1a(nodes[i]!.id)
    nodeKinds[i] = kinds.get(kindOf(nodes[i]!))!
  }
  const ends = joined(numberEdges(nodes, edges), edges)
  return { nodeCount: nodes.length, nodeKeys, nodeKinds, ...ends, ...textTable(nodes, textVectors) }
}

function textTable(nodes: Graph['nodes'], vectors: ReadonlyMap<string, Float32Array>): Pick<StructureInput, 'text' | 'textDimensions'> {
  const from = vectors.values().next().value?.length ?? 0
  const textDimensions = nodes.length > WIDE_NODES ? Math.min(NARROW, from) : from
  const narrow = textDimensions < from ? drawProjection({ from, to: textDimensions, seed: SEED }) : null
  const text = new Float32Array(nodes.length * textDimensions)
  for (let i = 0; i < nodes.length; i++) {
    const vector = vectors.get(nodes[i]!.id)
    if (vector === undefined) continue
    if (narrow === null) text.set(vector, i * textDimensions)
    else projectRows(narrow, vector, { into: text, at: i })
  }
  return { text: centreRows(text, textDimensions), textDimensions }
}

/** The edges whose ends are two nodes of the graph. */
function joined(numbered: NumberedEdges, edges: Graph['edges']): Pick<StructureInput, 'sources' | 'targets' | 'weights'> {
  const sources = new Uint32Array(edges.length)
  const targets = new Uint32Array(edges.length)
  const weights = new Float32Array(edges.length)
  let count = 0
  for (let edge = 0; edge < edges.length; edge++) {
    const [source, target] = [numbered.sources[edge]!, numbered.targets[edge]!]
    if (source < 0 || target < 0 || source === target) continue
    sources[count] = source
    targets[count] = target
    weights[count++] = edges[edge]!.confidence
  }
  // Copies, not views: the thread is given whole buffers.
  return { sources: sources.slice(0, count), targets: targets.slice(0, count), weights: weights.slice(0, count) }
}

const kindOf = (node: Graph['nodes'][number]): string => node.symbol_type ?? node.kind
