import type { Graph } from '@doctown/common/contracts/graph.js'
import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { toAdjacency } from '../../src/stages/train/adjacency.js'
import { computeStructure } from '../../src/stages/train/compute-structure.js'
import { fastRp } from '../../src/stages/train/fast-rp.js'
import { encodeNodes, trainNetwork } from '../../src/stages/train/network/train-network.js'
import { smoothText } from '../../src/stages/train/smooth-text.js'
import { toStructureInput } from '../../src/stages/train/structure-input.js'
import { STRUCTURE_DIMENSIONS, type StructureInput } from '../../src/stages/train/structure-model.js'
import { structureVectors } from '../../src/stages/train/structure-vectors.js'
import { askQuestions, scoreQuestions, type LinkScores, type Question } from './link-prediction.js'

export const METHODS = ['degree', 'text', 'fastrp', 'appnp', 't0', 't1', 'shuffled'] as const
export type Method = (typeof METHODS)[number]
type Similarity = (a: number, b: number) => number

/** FastRP and APPNP are given 256 dimensions, as where they were first measured (graph-training.md, section 5). */
const WIDE = 256
const ENGINE = { provider: 'cpu', threads: 1 } as const

/** Means over the seeds; each seed draws other edges to hold out and another start of training. */
export async function compareMethods(
  graph: Graph,
  textVectors: ReadonlyMap<string, Float32Array>,
  { seeds, steps }: { readonly seeds: number; readonly steps: number },
): Promise<{
  scores: Record<Method, LinkScores>
  byKind: Record<Method, Record<string, LinkScores>>
  trainSeconds: number
  adopted: number
}> {
  const all: Record<string, LinkScores[]> = {}
  const ofKind: Record<string, Record<string, LinkScores[]>> = {}
  let [trainSeconds, adopted] = [0, 0]
  for (let seed = 1; seed <= seeds; seed++) {
    const input = toStructureInput(graph, textVectors)
    const { without, questions } = askQuestions(input, edgeKinds(graph), seed)
    const begin = performance.now()
    const trained = await vectorsOfNetwork(input, { seed, steps, without })
    trainSeconds += (performance.now() - begin) / 1000 / seeds
    const methods: Record<Method, Similarity> = {
      ...withoutTraining(input, { seed, without }),
      t1: cosine(trained, STRUCTURE_DIMENSIONS),
      shuffled: cosine(await vectorsOfNetwork(withShuffledEdges(input, seed), { seed, steps, without }), STRUCTURE_DIMENSIONS),
    }
    for (const method of METHODS) {
      const similarity = methods[method]
      ;(all[method] ??= []).push(scoreQuestions(questions, similarity))
      for (const [kind, asked] of groupByKind(questions)) {
        ;((ofKind[method] ??= {})[kind] ??= []).push(scoreQuestions(asked, similarity))
      }
    }
    const { model } = await computeStructure(toStructureInput(graph, textVectors), { seed, steps, providers: ['cpu'], threads: 1 })
    if (model === 'graphsage') adopted += 1 / seeds
  }
  // `as`: every method was pushed to.
  const scores = Object.fromEntries(METHODS.map((method) => [method, meanScores(all[method]!)])) as Record<Method, LinkScores>
  const byKind = Object.fromEntries(
    METHODS.map((method) => [method, Object.fromEntries(Object.entries(ofKind[method]!).map(([kind, list]) => [kind, meanScores(list)]))]),
  ) as Record<Method, Record<string, LinkScores>>
  return { scores, byKind, trainSeconds, adopted }
}

/** The edges that `toStructureInput` takes, in its order. */
function edgeKinds(graph: Graph): string[] {
  const known = new Set(graph.nodes.map(({ id }) => id))
  return graph.edges.flatMap(({ source, target, kind }) => (known.has(source) && known.has(target) && source !== target ? [kind] : []))
}

function withoutTraining(
  input: StructureInput,
  { seed, without }: { seed: number; without: ReadonlySet<number> },
): Record<'degree' | 'text' | 'fastrp' | 'appnp' | 't0', Similarity> {
  const adjacency = toAdjacency(input, without)
  const { text, textDimensions } = input
  return {
    degree: (_, b) => adjacency.degree[b]!,
    text: cosine(normaliseRows(text.slice(), textDimensions), textDimensions),
    fastrp: cosine(fastRp(adjacency, { nodeKeys: input.nodeKeys, dimensions: WIDE, seed }), WIDE),
    appnp: cosine(smoothText(adjacency, { text, textDimensions, dimensions: WIDE, seed }), WIDE),
    t0: cosine(structureVectors(input, { dimensions: STRUCTURE_DIMENSIONS, seed, without }), STRUCTURE_DIMENSIONS),
  }
}

async function vectorsOfNetwork(
  input: StructureInput,
  { seed, steps, without }: { seed: number; steps: number; without: ReadonlySet<number> },
): Promise<Float32Array> {
  const sizes = { hidden: 128, dimensions: STRUCTURE_DIMENSIONS }
  const network = await trainNetwork(input, { ...ENGINE, ...sizes, seed, steps, without, progress: () => {} })
  return encodeNodes(input, network, { ...ENGINE, without })
}

/** The same number of edges at each source, their ends drawn at random, and the texts dealt out anew: nothing is left to learn. */
function withShuffledEdges(input: StructureInput, seed: number): StructureInput {
  const random = createRandom(seed ^ 0x5f1e)
  const targets = input.targets.map(() => Math.floor(random() * input.nodeCount))
  const sources = input.sources.map(() => Math.floor(random() * input.nodeCount))
  return { ...input, sources, targets, text: input.text.map(() => random() - 0.5) }
}

function groupByKind(questions: readonly Question[]): Map<string, Question[]> {
  const groups = new Map<string, Question[]>()
  for (const question of questions) groups.set(question.kind, [...(groups.get(question.kind) ?? []), question])
  return groups
}

function cosine(values: Float32Array, dimensions: number): Similarity {
  return (a, b) => {
    let sum = 0
    for (let i = 0; i < dimensions; i++) sum += values[a * dimensions + i]! * values[b * dimensions + i]!
    return sum
  }
}

function meanScores(list: readonly LinkScores[]): LinkScores {
  const mean = (key: keyof LinkScores): number => list.reduce((sum, scores) => sum + scores[key], 0) / list.length
  return { auc: mean('auc'), mrr: mean('mrr'), hits10: mean('hits10'), edges: mean('edges') }
}
