import { createRandom } from '@doctown/common/runtime/random.js'
import type { Lists } from './network/bucket-tables.js'
import type { StructureInput } from './structure-model.js'

/** Share of the edges that are held out, and the fewest that tell anything. */
const SHARE = 0.05
const FEWEST = 30
const MOST = 2_000
const NEGATIVES = 10
/** `nodeKinds` holds bytes. */
const KINDS = 256

/** Numbers of the held-out edges; empty when the graph has too few. */
export function chooseHeldOut({ sources }: StructureInput, seed: number): ReadonlySet<number> {
  const count = Math.min(MOST, Math.floor(sources.length * SHARE))
  if (count < FEWEST) return new Set()
  const random = createRandom(seed ^ 0x5eed)
  const chosen = new Set<number>()
  while (chosen.size < count) chosen.add(Math.floor(random() * sources.length))
  return chosen
}

/**
 * AUC of the held-out edges against hard negatives: the target is replaced by a node of the same kind, drawn in proportion to its
 * degree, so that knowing popular nodes gains nothing. `values` must have been computed without these edges.
 */
export function heldOutAuc(
  input: StructureInput,
  values: Float32Array,
  options: { readonly heldOut: ReadonlySet<number>; readonly dimensions: number; readonly seed: number },
): number {
  const { heldOut, dimensions, seed } = options
  const random = createRandom(seed ^ 0xbad)
  const ends = endsByKind(input)
  const linked = linkedTo(input, heldOut)
  const cosine = (a: number, b: number): number => {
    let sum = 0
    for (let i = 0; i < dimensions; i++) sum += values[a * dimensions + i]! * values[b * dimensions + i]!
    return sum
  }
  let won = 0
  let played = 0
  for (const edge of heldOut) {
    const source = input.sources[edge]!
    const target = input.targets[edge]!
    const right = cosine(source, target)
    const from = ends.start[input.nodeKinds[target]!]!
    const count = ends.start[input.nodeKinds[target]! + 1]! - from
    for (let draw = 0; draw < NEGATIVES; draw++) {
      const other = ends.items[from + Math.floor(random() * count)]!
      if (other === source || other === target || linked.has(source * input.nodeCount + other)) continue
      const wrong = cosine(source, other)
      won += right > wrong ? 1 : right === wrong ? 0.5 : 0
      played++
    }
  }
  return played === 0 ? 0.5 : won / played
}

/** Ends of edges by the kind of their node, a node as often as it has edges. */
function endsByKind({ sources, targets, nodeKinds }: StructureInput): Lists {
  const start = new Uint32Array(KINDS + 1)
  for (let edge = 0; edge < sources.length; edge++) {
    start[nodeKinds[sources[edge]!]! + 1]!++
    start[nodeKinds[targets[edge]!]! + 1]!++
  }
  for (let kind = 0; kind < KINDS; kind++) start[kind + 1]! += start[kind]!
  const next = start.slice()
  const items = new Uint32Array(2 * sources.length)
  for (let edge = 0; edge < sources.length; edge++) {
    items[next[nodeKinds[sources[edge]!]!]!++] = sources[edge]!
    items[next[nodeKinds[targets[edge]!]!]!++] = targets[edge]!
  }
  return { start, items }
}

/** `source * nodeCount + other` of all that the sources of held-out edges have an edge with, either way round. */
function linkedTo({ sources, targets, nodeCount }: StructureInput, heldOut: ReadonlySet<number>): Set<number> {
  const asked = new Uint8Array(nodeCount)
  for (const edge of heldOut) asked[sources[edge]!] = 1
  const linked = new Set<number>()
  for (let edge = 0; edge < sources.length; edge++) {
    const source = sources[edge]!
    const target = targets[edge]!
    if (asked[source] === 1) linked.add(source * nodeCount + target)
    if (asked[target] === 1) linked.add(target * nodeCount + source)
  }
  return linked
}
