import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { typeOrigin, UNKNOWN } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import type { Declarator } from './declarators.js'
import type { CReading } from './value-place.js'

/** Emits a `type` reference for every type named in a type. */
export function readTypes(c: CReading, node: ValueNode | undefined, place: Place): void {
  if (node === undefined) return
  switch (node.type) {
    case 'type_identifier':
      c.reading.addOnce('type', node, place, [c.reading.slice(node)])
      return
    case 'qualified_identifier':
    case 'template_type':
      c.reading.addOnce('type', node, place, pathOf(c, node))
      for (const argument of argumentsIn(node)) readTypes(c, argument, place)
      return
    case 'primitive_type':
    case 'sized_type_specifier':
    case 'string_literal':
    case 'number_literal':
      return
    default:
      for (const child of node.children) if (child.field !== 'body') readTypes(c, child, place)
  }
}

/** Names of `a::B<T>::c`, template arguments left out. */
export function pathOf(c: CReading, node: ValueNode): string[] {
  switch (node.type) {
    case 'qualified_identifier': {
      const scope = field(node, 'scope')
      const name = field(node, 'name')
      return [...(scope === undefined ? [] : pathOf(c, scope)), ...(name === undefined ? [] : pathOf(c, name))]
    }
    case 'template_type':
    case 'template_function':
    case 'template_method':
    case 'dependent_name': {
      const name = field(node, 'name') ?? node.children[0]
      return name === undefined ? [] : pathOf(c, name)
    }
    case 'struct_specifier':
    case 'class_specifier':
    case 'union_specifier':
    case 'enum_specifier':
    case 'dependent_type':
    case 'type_descriptor': {
      const name = field(node, 'name') ?? field(node, 'type') ?? node.children[0]
      return name === undefined ? [] : pathOf(c, name)
    }
    default:
      return [oneLine(c.reading.slice(node))]
  }
}

function* argumentsIn(node: ValueNode): Generator<ValueNode> {
  for (const child of node.children) {
    if (child.type === 'template_argument_list') yield* child.children
    else if (child.children.length > 0 && child.type !== 'type_descriptor') yield* argumentsIn(child)
  }
}

/** Types given to a template: `f<int>()`. */
export function templateArguments(c: CReading, node: ValueNode): string[] {
  const list = node.children.find(({ type }) => type === 'template_argument_list')
  return (list?.children ?? []).map((child) => oneLine(c.reading.slice(child)))
}

/** A type as written, with what the declarator adds to it. */
export function declaredText(c: CReading, type: ValueNode, declarator: Declarator | null): string {
  const body = field(type, 'body')
  const name = body === undefined ? undefined : field(type, 'name')
  const written = body === undefined ? c.reading.slice(type) : name === undefined ? '' : c.reading.slice(name)
  return oneLine(`${written} ${declarator?.pointers ?? ''}${declarator?.after ?? ''}`)
}

export function declaredOrigin(c: CReading, type: ValueNode, declarator: Declarator | null): ValueOrigin {
  const text = declaredText(c, type, declarator)
  return text === '' ? UNKNOWN : typeOrigin(text)
}

export function isAuto(c: CReading, type: ValueNode): boolean {
  return type.type === 'placeholder_type_specifier' || /^(?:auto|decltype\s*\(\s*auto\s*\))$/.test(c.reading.slice(type).trim())
}

/** What `p[0]` and `*p` are of a pointer that is declared in the text. */
export function pointedAt({ base, steps }: ValueOrigin): ValueOrigin | null {
  if (base.kind !== 'type' || steps.length > 0) return null
  const pointer = /^([^]*?)\s*\*\s*(?:const|restrict|__restrict)?\s*$/.exec(base.text)
  return pointer?.[1] === undefined ? null : typeOrigin(pointer[1])
}
