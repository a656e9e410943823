import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, TypeFact, ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from './language.js'
import { isUnknown } from './value-origin.js'
import type { ValueNode } from './value-tree.js'

/** Where the reader stands. */
export interface Place {
  /** The innermost symbol that holds it. */
  readonly owner: SymbolId | null
  readonly scope: Scope
  readonly inMacro: boolean
}

/** Names bound in a block. One chain a function: an item never sees the locals of the function it is written in. */
export class Scope {
  private readonly names = new Map<string, ValueOrigin>()
  constructor(private readonly parent: Scope | null = null) {}

  bind(name: string, origin: ValueOrigin): void {
    this.names.set(name, origin)
  }

  get(name: string): ValueOrigin | undefined {
    const own = this.names.get(name)
    if (own !== undefined) return own
    for (let scope = this.parent; scope !== null; scope = scope.parent) {
      const found = scope.names.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** What is being read and what has been found so far. */
export class Reading {
  readonly references: Reference[] = []
  readonly facts: TypeFact[] = []
  private readonly seen = new Set<string>()
  private readonly lineStarts: number[] = [0]
  private readonly parents: number[] = []

  constructor(
    readonly text: string,
    private readonly spans: readonly SymbolSpan[],
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
    const open: number[] = []
    spans.forEach((span, index) => {
      while (open.length > 0 && (spans[open[open.length - 1] ?? 0]?.end ?? 0) <= span.start) open.pop()
      this.parents.push(open[open.length - 1] ?? -1)
      open.push(index)
    })
  }

  slice(node: ValueNode): string {
    return this.text.slice(node.start, node.end)
  }

  /** The innermost symbol whose text holds this offset. */
  ownerAt(offset: number): SymbolId | null {
    let index = lastAtMost(this.spans.length, (at) => this.spans[at]?.start ?? 0, offset)
    while (index >= 0 && (this.spans[index]?.end ?? 0) <= offset) index = this.parents[index] ?? -1
    return this.spans[index]?.id ?? null
  }

  lineAt(offset: number): number {
    return lastAtMost(this.lineStarts.length, (at) => this.lineStarts[at] ?? 0, offset) + 1
  }

  fact(symbolId: SymbolId | null, kind: TypeFact['kind'], fact: { name?: string; type?: string; trait?: string | null }): void {
    if (symbolId === null) return
    this.facts.push({ symbol_id: symbolId, kind, name: fact.name ?? '', type: fact.type ?? '', trait: fact.trait ?? null })
  }

  /** Adds a reference and tells its index, by which values name it. */
  add(kind: Reference['kind'], node: ValueNode, place: Place, path: readonly string[], more: Partial<Reference> = {}): number {
    this.references.push({
      kind,
      from: place.owner,
      line: this.lineAt(node.start),
      path: [...path],
      receiver: null,
      args: [],
      type_args: [],
      alias: null,
      is_public: false,
      arity: null,
      in_macro: place.inMacro,
      ...more,
    })
    return this.references.length - 1
  }

  /** The arguments are read after the call has its index, because a closure's parameters name it. */
  setArguments(index: number, args: readonly ValueOrigin[]): void {
    const reference = this.references[index]
    if (reference === undefined) return
    reference.arity = args.length
    if (args.some((arg) => !isUnknown(arg))) reference.args = [...args]
  }

  /** One type named many times in a symbol says no more than once. */
  addOnce(kind: 'type' | 'value', node: ValueNode, place: Place, path: readonly string[]): void {
    const key = `${kind} ${place.owner ?? ''} ${path.join('::')}`
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.add(kind, node, place, path)
  }
}

/** The last index whose value is at most `limit`, -1 when there is none; values ascend. */
function lastAtMost(length: number, valueAt: (index: number) => number, limit: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (valueAt(middle) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
