import type { ValueOperation, ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'

export const UNKNOWN: ValueOrigin = { base: { kind: 'unknown' }, steps: [] }

/** A chain of fields longer than this is not followed: `let x = x.next;` written a thousand times would grow without end. */
const MAX_STEPS = 8
/** Values inside values (tuples of arms of closures) are copied, so their depth and width stay small. */
const MAX_NESTING = 3
const MAX_WIDTH = 6

export function typeOrigin(text: string): ValueOrigin {
  return { base: { kind: 'type', text }, steps: [] }
}

export function isUnknown(origin: ValueOrigin): boolean {
  return origin.base.kind === 'unknown'
}

export function withStep(origin: ValueOrigin, step: ValueStep): ValueOrigin {
  if (origin.base.kind === 'unknown' || origin.steps.length >= MAX_STEPS) return UNKNOWN
  return { base: origin.base, steps: [...origin.steps, step] }
}

export function withOp(origin: ValueOrigin, op: ValueOperation): ValueOrigin {
  return withStep(origin, { op })
}

export function tupleOrigin(items: readonly ValueOrigin[]): ValueOrigin {
  const kept = items.slice(0, MAX_WIDTH).map((item) => (nesting(item) < MAX_NESTING ? item : UNKNOWN))
  return { base: { kind: 'tuple', items: kept }, steps: [] }
}

/** Of values that may each be the one, all that say something. */
export function oneOf(values: readonly ValueOrigin[]): ValueOrigin {
  const known = values.filter((value) => !isUnknown(value) && nesting(value) < MAX_NESTING).slice(0, MAX_WIDTH)
  if (known.length <= 1) return known[0] ?? UNKNOWN
  return { base: { kind: 'one_of', values: known }, steps: [] }
}

export function closureOrigin(body: ValueOrigin): ValueOrigin {
  return { base: { kind: 'closure', body: nesting(body) < MAX_NESTING ? body : UNKNOWN }, steps: [] }
}

function nesting(origin: ValueOrigin): number {
  const { base } = origin
  if (base.kind === 'tuple') return 1 + Math.max(0, ...base.items.map(nesting))
  if (base.kind === 'one_of') return 1 + Math.max(0, ...base.values.map(nesting))
  if (base.kind === 'closure') return 1 + nesting(base.body)
  return 0
}
