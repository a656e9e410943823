import { createRandom } from '@doctown/common/runtime/random.js'
import type { TrainInput } from '../../../../src/pipeline/stage-io.js'
import { edge, groups } from '../groups.js'

const GROUPS = 60
const SIZE = 10

/** Members of each group call those of one other, whose text is unlike theirs: averaging neighbours misleads, and only training finds the rule. */
export function hiddenRule(steps: number): TrainInput {
  const random = createRandom(5)
  const { graph, textVectors } = groups({ count: GROUPS, size: SIZE })
  const member = (group: number): string => graph.nodes[group * SIZE + Math.floor(random() * SIZE)]!.id
  const edges = graph.nodes.flatMap(({ id }, i) => {
    const partner = (Math.floor(i / SIZE) * 7 + 11) % GROUPS
    return [member(partner), member(partner), member(partner)].map((target) => edge(id, target))
  })
  return { graph: { nodes: graph.nodes, edges }, textVectors, steps }
}
