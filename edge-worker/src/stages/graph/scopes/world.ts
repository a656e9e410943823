import type { Lookup } from './lookup.js'
import type { Members } from './members.js'
import type { Linker, Rules } from './rules.js'
import type { Types } from './types.js'
import type { Values } from './values.js'

/** What the parts of the resolver know of each other. */
export interface World {
  readonly rules: Rules
  readonly linker: Linker
  readonly lookup: Lookup
  readonly members: Members
  readonly types: Types
  readonly values: Pick<Values, 'ofPath' | 'called'>
}
