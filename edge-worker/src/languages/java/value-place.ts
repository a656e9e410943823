import type { Place, Reading } from '../reading.js'
import { Scope } from '../reading.js'

export interface JavaReading {
  readonly reading: Reading
  /** The deadline has passed: nobody will see what is read from here on. */
  readonly isLate: () => boolean
}

/** A block inside: what it declares is gone after it. */
export function inner(place: Place): Place {
  return { ...place, scope: new Scope(place.scope) }
}

/** A key that no variable can have, for methods of a class that is no symbol: a bare call of such a name is not the outer class's. */
export function localMethod(name: string): string {
  return `${name}()`
}
