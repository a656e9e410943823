import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { TARGETS } from './local-names.js'
import { readExpression } from './value-expressions.js'
import type { PythonPlace, PythonReading } from './value-place.js'

/** Gives a value to what stands on the left: names, the parts of a tuple, attributes of `self`. */
export function bindTarget(
  python: PythonReading,
  target: ValueNode | undefined,
  value: ValueOrigin,
  place: PythonPlace,
  written?: string,
): void {
  if (target === undefined) return
  if (target.type === 'identifier') {
    bindName(python, python.reading.slice(target), value, place)
    return
  }
  if (target.type === 'as_pattern_target' || target.type === 'parenthesized_expression') {
    for (const child of target.children) bindTarget(python, child, value, place)
    return
  }
  if (TARGETS.has(target.type)) {
    let hasRest = false
    target.children.forEach((child, index) => {
      hasRest ||= child.type === 'list_splat_pattern' || child.type === 'list_splat'
      bindTarget(python, child.type.startsWith('list_splat') ? child.children[0] : child, hasRest ? UNKNOWN : partOf(value, index), place)
    })
    return
  }
  if (target.type === 'attribute') {
    const object = field(target, 'object')
    const name = field(target, 'attribute')
    const held = readExpression(python, object, place)
    if (name !== undefined) noteAttribute(python, held, python.reading.slice(name), value, place, written)
    return
  }
  readExpression(python, target, place)
}

/** The names of the module that it defines or imports are found by name. */
function bindName(python: PythonReading, name: string, value: ValueOrigin, place: PythonPlace): void {
  if (place.scope.get(name) === undefined && python.defined.has(name)) return
  place.scope.bind(name, value)
}

/** The parts of a tuple stand by number; those of what a loop or a call gives are told by the resolver. */
function partOf(value: ValueOrigin, index: number): ValueOrigin {
  if (value.base.kind === 'tuple' && value.steps.length === 0) return value.base.items[index] ?? UNKNOWN
  return withStep(value, { field: String(index) })
}

/** `self.name = value` tells the type of an attribute, if all that is ever given to it does. */
function noteAttribute(
  python: PythonReading,
  held: ValueOrigin,
  name: string,
  value: ValueOrigin,
  place: PythonPlace,
  written?: string,
): void {
  const { holder } = place
  if (holder === null || held.base.kind !== 'type' || held.base.text !== 'self' || held.steps.length > 0) return
  if (written !== undefined) {
    holder.declared.add(name)
    holder.attributes.set(name, written)
    return
  }
  if (holder.declared.has(name)) return
  const text = typeTextOf(python, value)
  if (text === 'None') return
  const known = holder.attributes.get(name)
  if (known === undefined) holder.attributes.set(name, text)
  else if (known !== text) holder.attributes.set(name, known === null || text === null ? null : joined(known, text))
}

const MOST_TYPES = 4

function joined(known: string, text: string): string | null {
  const types = known.split(' | ')
  return types.includes(text) ? known : types.length >= MOST_TYPES ? null : `${known} | ${text}`
}

/** A value's type as an annotation would write it, of a call of a name that name with brackets; `null` where that cannot be. */
export function typeTextOf(python: PythonReading, { base, steps }: ValueOrigin): string | null {
  if (steps.length > 0) return null
  if (base.kind === 'type') return base.text === 'self' || base.text === 'cls' || base.text === 'super' ? null : base.text
  if (base.kind === 'path') return `type[${base.path.join('.')}]`
  if (base.kind === 'result') {
    const reference = python.reading.references[base.reference]
    if (reference?.kind !== 'call') return null
    return reference.type_args.length === 0
      ? `${reference.path.join('.')}()`
      : `${reference.path.join('.')}[${reference.type_args.join(', ')}]`
  }
  if (base.kind !== 'one_of') return null
  const texts = base.values.map((value) => typeTextOf(python, value))
  return texts.includes(null) ? null : texts.join(' | ')
}

/** What `with value as name` binds: most often the value itself. */
export function enteredValue(value: ValueOrigin, isAsync: boolean): ValueOrigin {
  return isAsync ? withOp(value, 'await') : value
}
