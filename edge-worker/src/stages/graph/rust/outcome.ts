import type { Reference } from '@doctown/common/contracts/reference.js'
import type { FoundMethod } from './methods.js'
import type { FnDef } from './model.js'
import type { Type } from './type-model.js'
import { UNKNOWN } from './type-model.js'

/** What became of a call. `fns` are the repository's; several when `#[cfg]` chooses one of them. */
export type Outcome =
  | { readonly status: 'resolved'; readonly fns: readonly FnDef[]; readonly provenance: string }
  /** The standard library's, another crate's, or a constructor. */
  | { readonly status: 'external' }
  | { readonly status: 'ambiguous' }
  | { readonly status: 'unknown' }

export interface CallResult {
  readonly outcome: Outcome
  readonly type: Type
}

export const EXTERNAL: Outcome = { status: 'external' }
export const UNKNOWN_RESULT: CallResult = { outcome: { status: 'unknown' }, type: UNKNOWN }
export const AMBIGUOUS_RESULT: CallResult = { outcome: { status: 'ambiguous' }, type: UNKNOWN }
export const EXTERNAL_RESULT: CallResult = { outcome: EXTERNAL, type: UNKNOWN }

/** One function, or several of which `#[cfg]` chooses; anything else would be a guess. */
export function outcomeOf(fns: readonly FnDef[], provenance: string): Outcome {
  const first = fns[0]
  if (first === undefined) return { status: 'unknown' }
  if (fns.length > 1 && !fns.every((fn) => fn.isConditional || fn.id === null)) return { status: 'ambiguous' }
  const own = fns.filter((fn) => fn.id !== null)
  return own.length === 0 ? EXTERNAL : { status: 'resolved', fns: own, provenance }
}

/** How a method call's receiver was known. */
export function receiverProvenance(reference: Reference, found: FoundMethod): string {
  if (found.via === 'bound' || found.via === 'blanket') return found.via
  const receiver = reference.receiver
  const base = receiver?.base
  if (receiver === null || base === undefined) return 'receiver_value'
  if (base.kind === 'result') return receiver.steps.some((step) => 'field' in step) ? 'receiver_field' : 'receiver_call'
  if (base.kind === 'closure_parameter') return 'receiver_closure'
  if (receiver.steps.some((step) => 'field' in step)) return 'receiver_field'
  return base.kind === 'type' ? (/^&?Self$/.test(base.text) ? 'self_receiver' : 'receiver_type') : 'receiver_value'
}
