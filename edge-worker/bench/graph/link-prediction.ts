import type { StructureInput } from '../../src/stages/train/structure-model.js'
import { createRandom } from '@doctown/common/runtime/random.js'

export interface LinkScores {
  readonly auc: number
  readonly mrr: number
  readonly hits10: number
  readonly edges: number
}

/** A held-out edge and the nodes that its end is hidden among. */
export interface Question {
  readonly source: number
  readonly target: number
  readonly kind: string
  readonly negatives: Uint32Array
}

const NEGATIVES = 100

/**
 * A tenth of the edges, at most 2,000, each with a hundred hard negatives: nodes of the target's kind, drawn in proportion to their
 * degree, that the source has no edge with (graph-training.md, section 5).
 */
export function askQuestions(
  input: StructureInput,
  kinds: readonly string[],
  seed: number,
): { without: ReadonlySet<number>; questions: Question[] } {
  const random = createRandom(seed ^ 0x1179)
  const { sources, targets, nodeKinds, nodeCount } = input
  const count = Math.min(2_000, Math.floor(sources.length / 10))
  const without = new Set<number>()
  while (without.size < count) without.add(Math.floor(random() * sources.length))
  const linked = new Set<number>()
  const ends: number[][] = []
  sources.forEach((source, edge) => {
    const target = targets[edge]!
    linked.add(source * nodeCount + target).add(target * nodeCount + source)
    for (const node of [source, target]) (ends[nodeKinds[node]!] ??= []).push(node)
  })
  const questions: Question[] = []
  for (const edge of without) {
    const [source, target] = [sources[edge]!, targets[edge]!]
    const candidates = ends[nodeKinds[target]!]!
    const negatives: number[] = []
    for (let draw = 0; draw < NEGATIVES; draw++) {
      const other = candidates[Math.floor(random() * candidates.length)]!
      if (other !== source && other !== target && !linked.has(source * nodeCount + other)) negatives.push(other)
    }
    if (negatives.length > 0) questions.push({ source, target, kind: kinds[edge]!, negatives: Uint32Array.from(negatives) })
  }
  return { without, questions }
}

/** Mean over the questions; ties count half for AUC, and against the right answer for ranks. */
export function scoreQuestions(questions: readonly Question[], similarity: (a: number, b: number) => number): LinkScores {
  let [auc, mrr, hits10] = [0, 0, 0]
  for (const { source, target, negatives } of questions) {
    const right = similarity(source, target)
    let [won, rank] = [0, 1]
    for (const other of negatives) {
      const wrong = similarity(source, other)
      won += right > wrong ? 1 : right === wrong ? 0.5 : 0
      if (wrong >= right) rank++
    }
    auc += won / negatives.length
    mrr += 1 / rank
    hits10 += rank <= 10 ? 1 : 0
  }
  const edges = questions.length
  return { auc: auc / edges, mrr: mrr / edges, hits10: hits10 / edges, edges }
}
