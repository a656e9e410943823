import type { Place, Reading } from '../reading.js'
import { Scope } from '../reading.js'

export interface CReading {
  readonly reading: Reading
  readonly isCpp: boolean
  /** The deadline has passed: nobody will see what is read from here on. */
  readonly isLate: () => boolean
}

/** A block inside: what it declares is gone after it. */
export function inner(place: Place): Place {
  return { ...place, scope: new Scope(place.scope) }
}
