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
  const nodeKeys = new Uint32Array(nodes.length)
  const nodeKinds = new Uint8Array(nodes.length)
  const kinds = new Map<string, number>()
  const { text, textDimensions, write } = textTable(nodes.length, textVectors)
  // All in one go: with many nodes, fetching each from memory is most of the time.
  for (let i = 0; i < nodes.length; i++) {
    const { id, symbol_type: symbolType, kind: nodeKind } = nodes[i]!
    nodeKeys[i] = fnv1a(id)
    const kind = symbolType ?? nodeKind
    if (!kinds.has(kind)) kinds.set(kind, kinds.size)
    nodeKinds[i] = kinds.get(kind)!
    const vector = textVectors.get(id)
    if (vector !== undefined) write(i, vector)
  }
  centreRows(text, textDimensions)
  return { nodeCount: nodes.length, nodeKeys, nodeKinds, ...joined(numberEdges(nodes, edges), edges), text, textDimensions }
}

type TextTable = Pick<StructureInput, 'text' | 'textDimensions'> & { readonly write: (row: number, vector: Float32Array) => void }

function textTable(rows: number, vectors: ReadonlyMap<string, Float32Array>): TextTable {
  const from = vectors.values().next().value?.length ?? 0
  const to = rows > WIDE_NODES ? Math.min(NARROW, from) : from
  const text = new Float32Array(rows * to)
  if (to === from) return { text, textDimensions: to, write: (row, vector) => text.set(vector, row * to) }
  const narrow = drawProjection({ from, to, seed: SEED })
  return { text, textDimensions: to, write: (row, vector) => projectRows(narrow, vector, { into: text, at: row }) }
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
