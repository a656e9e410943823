import type { Reference } from '@doctown/common/contracts/reference.js'
import type { Def, Via } from './model.js'
import { UNKNOWN, type Type } from './types.js'

/** What became of a call. Several `defs` are one function written more than once, for one platform each. */
export type Outcome =
  | { readonly status: 'resolved'; readonly defs: readonly Def[]; readonly provenance: string }
  | { readonly status: 'external' | 'ambiguous' | 'unknown' }

export interface CallResult {
  readonly outcome: Outcome
  readonly type: Type
}

export const EXTERNAL_RESULT: CallResult = { outcome: { status: 'external' }, type: UNKNOWN }
export const UNKNOWN_RESULT: CallResult = { outcome: { status: 'unknown' }, type: UNKNOWN }
export const AMBIGUOUS_RESULT: CallResult = { outcome: { status: 'ambiguous' }, type: UNKNOWN }

export function external(type: Type): CallResult {
  return { outcome: { status: 'external' }, type }
}

/** How a name that is called by itself was found. */
export function nameProvenance(via: Via, path: readonly string[]): string {
  if (path.length > 1) return via === 'import' ? 'import_path' : 'type_path'
  return via === 'none' ? 'import' : via
}

/** How a method call's receiver was known. */
export function receiverProvenance({ receiver }: Reference, isInherited: boolean): string {
  const base = receiver?.base
  if (base === undefined) return 'receiver_value'
  const hasField = receiver?.steps.some((step) => 'field' in step) === true
  if (base.kind === 'closure_parameter') return 'receiver_closure'
  if (hasField) return 'receiver_field'
  if (base.kind === 'result') return 'receiver_call'
  if (base.kind !== 'type') return 'receiver_value'
  if (!/^(?:this|self|cls|Self|super)$/.test(base.text)) return 'receiver_type'
  return isInherited ? 'inherited' : 'self_receiver'
}
