import type Parser from 'tree-sitter'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { NodeNames } from './node-names.js'

/** A node of at most this many UTF-16 units is not cut any finer: some 150 tokens, which every window holds. */
export const FINE_ENOUGH = 512

export interface CutRules {
  readonly names: NodeNames
  /** Nodes without a place to cut inside, however long they are. */
  readonly atoms: ReadonlySet<string>
  /** Nodes that stay with what follows them: comments, attributes, decorators. */
  readonly attached: ReadonlySet<string>
}

/** Where an item's text begins (docs left out), where its body does, and where it ends. */
export interface CutItem {
  readonly head: number
  readonly body: number
  readonly end: number
}

/**
 * For each item the offsets inside its body at which it may be cut: starts of statements, fields, arms, and inside those
 * that are long, starts of their parts. A comment or attribute stays with what follows it. Items inside an item are its own.
 */
export function cutsOf(root: Parser.SyntaxNode, items: readonly CutItem[], rules: CutRules, deadline: number): number[][] {
  const { typeOf, isNamed } = rules.names
  const cuts: number[][] = items.map(() => [])
  const long = items.filter((item) => item.end - item.body > FINE_ENOUGH)
  if (long.length === 0) return cuts
  const cursor = root.walk()
  let next = 0
  let steps = 0
  let depth = 0
  const owners: number[] = []
  if (!cursor.gotoFirstChild()) return cuts
  let attached = false
  for (;;) {
    if (++steps % 256 === 0 && performance.now() > deadline) return cuts
    const start = cursor.startIndex
    const end = cursor.endIndex
    // Items come in the order in which the cursor meets their first token.
    while (next < items.length && (items[next] as CutItem).head <= start) owners.push(next++)
    while (owners.length > 0 && (items[owners[owners.length - 1] as number] as CutItem).end <= start) owners.pop()
    const owner = owners[owners.length - 1]
    const type = typeOf(cursor)
    if (owner !== undefined && !attached && start > (items[owner] as CutItem).body && isNamed(cursor)) {
      const list = cuts[owner] as number[]
      if (list[list.length - 1] !== start) list.push(start)
    }
    attached = rules.attached.has(type)
    if (end - start > FINE_ENOUGH && !rules.atoms.has(type) && depth < LIMITS.walkDepth && cursor.gotoFirstChild()) {
      depth++
      continue
    }
    while (!cursor.gotoNextSibling()) {
      if (depth-- === 0) return cuts
      cursor.gotoParent()
      attached = false
    }
  }
}
