import type { WeightedGraph } from './weighted-graph.js'

/** Files of one folder belong together a little: enough to gather forty test files that share no call, too little to tear a file out of its calls. */
const TIE = 0.5

/**
 * The graph with a node for each folder behind its own nodes, tied to the files in it and to the folder above.
 * `places` names the folder-like path of each node that is a file, `null` for the others.
 */
export function withFolders(graph: WeightedGraph, places: readonly (string | null)[]): WeightedGraph {
  const folders = new Map<string, number>()
  const pairs: (readonly [number, number])[] = []
  const folderNode = (folder: string): number => {
    const known = folders.get(folder)
    if (known !== undefined) return known
    const node = graph.nodeCount + folders.size
    folders.set(folder, node)
    if (folder !== '') pairs.push([folderNode(parentOf(folder)), node])
    return node
  }
  places.forEach((place, node) => {
    if (place !== null) pairs.push([node, folderNode(parentOf(place))])
  })
  const count = graph.sources.length
  const sources = new Uint32Array(count + pairs.length)
  const targets = new Uint32Array(count + pairs.length)
  const weights = new Float64Array(count + pairs.length).fill(TIE)
  sources.set(graph.sources)
  targets.set(graph.targets)
  weights.set(graph.weights)
  pairs.forEach(([a, b], i) => {
    sources[count + i] = Math.min(a, b)
    targets[count + i] = Math.max(a, b)
  })
  return { nodeCount: graph.nodeCount + folders.size, sources, targets, weights }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
