import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Place, Reading } from '../reading.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'

export interface GoReading {
  readonly reading: Reading
  /** The deadline has passed: nobody will see what is read from here on. */
  readonly isLate: () => boolean
  /** Names by which the file knows the packages that it imports. */
  readonly packages: ReadonlySet<string>
  /** The types that the file declares. */
  readonly types: ReadonlyMap<string, SymbolId>
}

/** A block inside: what it declares is gone after it. */
export function inner(place: Place): Place {
  return { ...place, scope: new Scope(place.scope) }
}

/** True for the name of an imported package where no variable of that name hides it. */
export function isPackage(go: GoReading, node: ValueNode | undefined, place: Place): node is ValueNode {
  if (node?.type !== 'identifier') return false
  const name = go.reading.slice(node)
  return go.packages.has(name) && place.scope.get(name) === undefined
}
