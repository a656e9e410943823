import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, TypeFact, ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from '../language.js'
import { Reading, Scope, type Place } from '../reading.js'
import { oneLine } from '../written-text.js'
import type { ValueNode } from '../value-tree.js'
import type { Level } from './walk-items.js'

/** Where the reader of a script stands. */
export interface ScriptPlace extends Place {
  /** As the walk of the items has it: names that are items are found by whoever resolves, not in a scope. */
  readonly level: Level
  /** What `this` is here. */
  readonly self: ValueOrigin
  /** What the function around gives back, one value for each `return`. */
  readonly returns: ValueOrigin[]
}

/** What is being read of a script; each reference belongs to the innermost symbol whose text holds it. */
export class ScriptReading extends Reading {
  constructor(
    text: string,
    spans: readonly SymbolSpan[],
    /** Docs by symbol, for the types that they tell. */
    readonly docs: ReadonlyMap<SymbolId, string>,
  ) {
    super(text, spans)
  }

  override add(kind: Reference['kind'], node: ValueNode, place: Place, path: readonly string[], more: Partial<Reference> = {}): number {
    return super.add(kind, node, { ...place, owner: this.ownerAt(node.start) }, path, more)
  }

  override addOnce(kind: 'type' | 'value', node: ValueNode, place: Place, path: readonly string[]): void {
    super.addOnce(kind, node, { ...place, owner: this.ownerAt(node.start) }, path)
  }

  override fact(symbolId: SymbolId | null, kind: TypeFact['kind'], fact: { name?: string; type?: string; trait?: string | null }): void {
    super.fact(symbolId, kind, {
      ...fact,
      ...(fact.type === undefined ? {} : { type: shortType(fact.type) }),
      ...(typeof fact.trait === 'string' ? { trait: shortType(fact.trait) } : {}),
    })
  }

  written(node: ValueNode): string {
    return oneLine(this.slice(node))
  }
}

/** No type that a name is looked up in is longer. Characters. */
const LONGEST_TYPE = 2000

/** A type's text on one line; one without end says nothing. */
function shortType(text: string): string {
  return text.length > LONGEST_TYPE * 4 ? '' : oneLine(text).slice(0, LONGEST_TYPE)
}

export function inner(place: ScriptPlace): ScriptPlace {
  return { ...place, scope: new Scope(place.scope), level: place.level === 'module' ? 'block' : place.level }
}

/** A name of this file or of an import, to be looked up by whoever resolves. */
export function nameOrigin(path: readonly string[]): ValueOrigin {
  return { base: { kind: 'path', path }, steps: [] }
}
