import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, ValueOrigin } from '@doctown/common/contracts/reference.js'
import { ReferenceList } from './reference-list.js'
import type { ValueNode } from './value-tree.js'

/** Where the reader stands. */
export interface Place {
  /** The innermost symbol that holds it. */
  readonly owner: SymbolId | null
  readonly scope: Scope
  readonly inMacro: boolean
}

/** What of a place a reference tells. */
export type Holder = Pick<Place, 'owner' | 'inMacro'>

/** Names bound in a block. One chain a function: an item never sees the locals of the function it is written in. */
export class Scope {
  private names: Map<string, ValueOrigin> | null = null
  constructor(private readonly parent: Scope | null = null) {}

  bind(name: string, origin: ValueOrigin): void {
    this.names ??= new Map()
    this.names.set(name, origin)
  }

  get(name: string): ValueOrigin | undefined {
    const own = this.names?.get(name)
    if (own !== undefined) return own
    for (let scope = this.parent; scope !== null; scope = scope.parent) {
      const found = scope.names?.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** What is being read, by nodes of a copied tree, and what has been found so far. */
export class Reading extends ReferenceList {
  slice(node: ValueNode): string {
    return this.text.slice(node.start, node.end)
  }

  /** Adds a reference and tells its index, by which values name it. */
  add(kind: Reference['kind'], node: ValueNode, place: Holder, path: readonly string[], more?: Partial<Reference>): number {
    return this.addAt(kind, node.start, place, [...path], more)
  }

  /** One type named many times in a symbol says no more than once. */
  addOnce(kind: 'type' | 'value', node: ValueNode, place: Holder, path: readonly string[]): void {
    this.addOnceAt(kind, node.start, place, path)
  }
}
