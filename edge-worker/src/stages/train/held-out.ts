import { createRandom } from '@doctown/common/runtime/random.js'
import type { StructureInput } from './structure-model.js'

/** Share of the edges that are held out, and the fewest that tell anything. */
const SHARE = 0.05
const FEWEST = 30
const MOST = 2_000
const NEGATIVES = 10

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
  const { ends, linked } = endsByKind(input)
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
    const candidates = ends[input.nodeKinds[target]!] ?? []
    for (let draw = 0; draw < NEGATIVES; draw++) {
      const other = candidates[Math.floor(random() * candidates.length)]!
      if (other === source || other === target || linked.has(source * input.nodeCount + other)) continue
      const wrong = cosine(source, other)
      won += right > wrong ? 1 : right === wrong ? 0.5 : 0
      played++
    }
  }
  return played === 0 ? 0.5 : won / played
}

/** Ends of edges by the kind of their node, a node as often as it has edges; and all linked pairs, both ways round. */
function endsByKind({ sources, targets, nodeKinds, nodeCount }: StructureInput): { ends: number[][]; linked: Set<number> } {
  const ends: number[][] = []
  const linked = new Set<number>()
  sources.forEach((source, edge) => {
    const target = targets[edge]!
    linked.add(source * nodeCount + target).add(target * nodeCount + source)
    for (const node of [source, target]) (ends[nodeKinds[node]!] ??= []).push(node)
  })
  return { ends, linked }
}
