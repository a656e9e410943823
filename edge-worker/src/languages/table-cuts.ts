import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { CutItem } from './cuts.js'
import { FINE_ENOUGH } from './cuts.js'
import type { SyntaxTable } from './syntax-table.js'

/** Kinds of nodes, as in `CutRules`; comments are always attached to what follows. */
export interface TableCutRules {
  readonly atoms: ReadonlySet<number>
  readonly attached: ReadonlySet<number>
  /** Tokens, which are no place to cut. */
  readonly marks: ReadonlySet<number>
}

export interface TableCutsInput {
  readonly table: SyntaxTable
  readonly root: number
  readonly text: string
  readonly items: readonly CutItem[]
  readonly rules: TableCutRules
  readonly deadline: number
}

/** As `cutsOf`, for a tree that was read into a table. */
export function tableCuts({ table, root, text, items, rules, deadline }: TableCutsInput): number[][] {
  const cuts: number[][] = items.map(() => [])
  if (!items.some((item) => item.end - item.body > FINE_ENOUGH)) return cuts
  const { comments } = table
  const owners: number[] = []
  const nodes = [root]
  const coming = [table.firsts[root] as number]
  let comment = 0
  let next = 0
  let steps = 0
  /** Where the comment or attribute ends that what comes next is attached to, -1 when there is none. */
  let attached = -1

  const offer = (start: number): void => {
    // Items come in the order of their first tokens.
    while (next < items.length && (items[next] as CutItem).head <= start) owners.push(next++)
    while (owners.length > 0 && (items[owners[owners.length - 1] as number] as CutItem).end <= start) owners.pop()
    const owner = owners[owners.length - 1]
    if (owner === undefined || isAttached(start) || start <= (items[owner] as CutItem).body) return
    const list = cuts[owner] as number[]
    if (list[list.length - 1] !== start) list.push(start)
  }
  const isAttached = (start: number): boolean => attached >= 0 && text.slice(attached, start).trim() === ''

  const readComments = (before: number): void => {
    for (let start = comments[comment]; start !== undefined && start < before; start = comments[comment]) {
      offer(start)
      attached = comments[comment + 1] as number
      comment += 2
    }
  }

  while (nodes.length > 0) {
    if (++steps % 256 === 0 && performance.now() > deadline) return cuts
    const level = nodes.length - 1
    const node = coming[level] as number
    if (node === 0) {
      readComments(level === 0 ? Infinity : (table.ends[nodes[level] as number] as number))
      nodes.pop()
      coming.pop()
      attached = -1
      continue
    }
    const start = table.starts[node] as number
    const end = table.ends[node] as number
    const kind = table.kinds[node] as number
    readComments(start)
    coming[level] = table.nexts[node] as number
    if (!rules.marks.has(kind)) offer(start)
    attached = rules.attached.has(kind) ? end : -1
    if (end - start > FINE_ENOUGH && !rules.atoms.has(kind) && level < LIMITS.walkDepth && table.firsts[node] !== 0) {
      nodes.push(node)
      coming.push(table.firsts[node] as number)
    } else while ((comments[comment] ?? Infinity) < end) comment += 2
  }
  return cuts
}
