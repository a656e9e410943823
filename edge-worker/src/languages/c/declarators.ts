import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { tidySignature } from '../tidy-signature.js'
import { childOfType, field, type ValueNode } from '../value-tree.js'

/** A name with what its declarator makes of it. */
export interface Declarator {
  readonly name: ValueNode
  /** Parameters of the function that the name is, `undefined` of anything else. */
  readonly parameters: ValueNode | undefined
  /** `*`, `&` and the like that stand between the type and the name, as written. */
  readonly pointers: string
  /** What follows the name or the parameters: `[4]`, `-> int`. */
  readonly after: string
  readonly trailingType: string | null
  readonly isFunction: boolean
}

const NAMES = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'qualified_identifier',
  'destructor_name',
  'operator_name',
  'operator_cast',
  'template_function',
  'template_method',
  'primitive_type',
])

/** Unwraps `*name[3]`, `(*name)(int)`, `&name = value` down to the name. */
export function readDeclarator(node: ValueNode | undefined, text: string): Declarator | null {
  let parameters: ValueNode | undefined
  let pointers = ''
  let after = ''
  let trailingType: string | null = null
  for (let at = node; at !== undefined;) {
    if (NAMES.has(at.type)) {
      // `operator int() const` holds its own declarator.
      const isCast = lastPart(at).type === 'operator_cast'
      return { name: at, parameters, pointers, after, trailingType, isFunction: isCast || parameters !== undefined }
    }
    const inner: ValueNode | undefined =
      field(at, 'declarator') ?? at.children.find((child) => NAMES.has(child.type) || child.type.endsWith('_declarator'))
    if (inner === undefined) return null
    switch (at.type) {
      case 'function_declarator': {
        parameters = field(at, 'parameters')
        const trailing = childOfType(at, 'trailing_return_type')
        if (trailing !== undefined) trailingType = tidySignature(text.slice(trailing.start, trailing.end).replace(/^->/, ''))
        break
      }
      case 'pointer_declarator':
      case 'reference_declarator':
        parameters = undefined
        pointers += text.slice(at.start, inner.start).replace(/\s+/g, ' ')
        break
      case 'array_declarator':
        parameters = undefined
        after = text.slice(inner.end, at.end) + after
        break
      default:
    }
    at = inner
  }
  return null
}

/** Of `a::b::c` the last part. */
export function lastPart(name: ValueNode): ValueNode {
  let at = name
  while (at.type === 'qualified_identifier') {
    const next = field(at, 'name')
    if (next === undefined) return at
    at = next
  }
  return at
}

/** Names and types as written; `(void)` takes nothing. */
export function parametersOf(list: ValueNode | undefined, text: string): Parameter[] {
  const parameters: Parameter[] = []
  for (const node of list?.children ?? []) {
    if (node.type === 'variadic_parameter') parameters.push({ name: '...', param_type: '...' })
    else if (node.type === 'identifier') parameters.push({ name: text.slice(node.start, node.end), param_type: '' })
    else if (node.type.endsWith('parameter_declaration')) {
      const declared = field(node, 'declarator')
      const value = field(node, 'default_value')
      const end = value === undefined ? node.end : value.start
      const name = readDeclarator(declared, text)?.name ?? nameOfPack(declared)
      const written =
        name === undefined ? text.slice(node.start, end) : `${text.slice(node.start, name.start)} ${text.slice(name.end, end)}`
      const type = tidySignature(written.replace(/=\s*$/, '')).replace(/ (?=\[)/g, '')
      if (type === 'void' && name === undefined) continue
      parameters.push({ name: name === undefined ? '_' : text.slice(name.start, name.end), param_type: type })
    }
  }
  // Text that lies outside of a macro's brackets may leave `...` without a node of its own.
  const last = list === undefined ? '' : text.slice(list.start, list.end)
  if (/,\s*\.\.\.\s*\)$/.test(last) && parameters[parameters.length - 1]?.name !== '...')
    parameters.push({ name: '...', param_type: '...' })
  return parameters
}

function nameOfPack(node: ValueNode | undefined): ValueNode | undefined {
  if (node === undefined) return undefined
  const pack = node.type === 'variadic_declarator' ? node : node.children.find((child) => child.type === 'variadic_declarator')
  return pack?.children.find((child) => child.type === 'identifier')
}
