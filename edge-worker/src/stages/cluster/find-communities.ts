import { countedUp } from '@doctown/common/runtime/counted-up.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { CommunityLevel } from './community-level.js'
import type { WeightedGraph } from './weighted-graph.js'

/**
 * Louvain communities (Blondel et al., 2008): for each node the number of its community, counted from 0 in the order in which nodes
 * name them. Same graph and seed, same answer. Makes graphology's moves one for one (docs/decisions/0012). Takes about 0.7 s at 200,000
 * nodes, so big graphs run it in a worker thread.
 */
export function findCommunities(graph: WeightedGraph, seed: number): Uint32Array {
  const random = createRandom(seed)
  const found = countedUp(graph.nodeCount)
  const queue = new Uint32Array(graph.nodeCount)
  const queued = new Uint8Array(graph.nodeCount)
  let level = CommunityLevel.of(graph)
  while (moveNodes(level, { first: Math.floor(random() * level.size), queue, queued })) {
    level = level.next()
    for (let node = 0; node < found.length; node++) found[node] = level.made[found[node]!]!
  }
  return renumbered(found)
}

/** Gains closer than this are equal: then the higher number wins, whatever the order of the neighbours. */
const EPSILON = 1e-10

interface Queue {
  readonly first: number
  /** A ring of node numbers, and which are in it. */
  readonly queue: Uint32Array
  readonly queued: Uint8Array
}

/** Moves nodes, the first in turn, then whoever's neighbour left, to the community that gains most, until none gains. Whether any moved. */
function moveNodes(level: CommunityLevel, { first, queue, queued }: Queue): boolean {
  const { size, start, neighbour, weight, community } = level
  /** To each community from the node at hand; -1 where there is no tie. */
  const ties = new Float64Array(size).fill(-1)
  const near = new Uint32Array(size)
  let [head, waiting, moved] = [0, size, false]
  for (let i = 0; i < size; i++) queue[i] = (first + i) % size
  queued.fill(1, 0, size)
  while (waiting > 0) {
    const node = queue[head]!
    head = head + 1 === size ? 0 : head + 1
    waiting--
    queued[node] = 0

    const own = community[node]!
    let [degree, count] = [0, 0]
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      const other = community[neighbour[at]!]!
      if (ties[other] === -1) {
        near[count++] = other
        ties[other] = 0
      }
      ties[other]! += weight[at]!
      degree += weight[at]!
    }
    let best = own
    let gain = level.gainOfStaying(node, degree, Math.max(0, ties[own]!))
    for (let i = 0; i < count; i++) {
      const other = near[i]!
      if (other === own) continue
      const its = level.gainOf(node, degree, { ties: ties[other]!, community: other })
      const isBetter = Math.abs(its - gain) < EPSILON ? best !== own && other > best : its > gain
      if (isBetter) [best, gain] = [other, its]
    }
    for (let i = 0; i < count; i++) ties[near[i]!] = -1

    if (gain < 0) best = level.alone(node)
    if (best === own) continue
    level.move(node, degree, best)
    moved = true
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      const other = neighbour[at]!
      if (community[other] === best || queued[other] === 1) continue
      const tail = head + waiting++
      queue[tail < size ? tail : tail - size] = other
      queued[other] = 1
    }
  }
  return moved
}

function renumbered(communities: Uint32Array): Uint32Array {
  const numbers = new Int32Array(communities.length).fill(-1)
  let count = 0
  return communities.map((community) => {
    if (numbers[community] === -1) numbers[community] = count++
    return numbers[community]!
  })
}
