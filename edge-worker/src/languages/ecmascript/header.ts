import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { oneLine } from '../written-text.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { partsOf } from './tree.js'

/** Parameters of a function, method or signature as written; a default value is no part of the name, nor is the `?`. */
export function parametersOf(text: string, node: ValueNode): Parameter[] {
  const list = field(node, 'parameters')
  const single = field(node, 'parameter')
  if (list === undefined) return single === undefined ? [] : [parameterOf(text, single)]
  return partsOf(list)
    .filter((child) => child.type !== 'ERROR' && child.type !== 'decorator')
    .map((child) => parameterOf(text, child))
}

function parameterOf(text: string, node: ValueNode): Parameter {
  const pattern = field(node, 'pattern') ?? field(node, 'left') ?? node
  return { name: written(text, pattern), param_type: typeAfterColon(text, field(node, 'type')) ?? '' }
}

export function returnTypeOf(text: string, node: ValueNode): string | null {
  return typeAfterColon(text, field(node, 'return_type'))
}

/** `: Promise<void>` without its colon. */
export function typeAfterColon(text: string, node: ValueNode | undefined): string | null {
  return node === undefined ? null : written(text, node).replace(/^\??:\s*/, '')
}

export function written(text: string, node: ValueNode): string {
  return oneLine(text.slice(node.start, node.end))
}

/** A member's or property's name: quotes go, brackets of a computed one stay. */
export function nameOf(text: string, node: ValueNode | undefined): string {
  if (node === undefined) return ''
  const name = written(text, node)
  return node.type === 'string' ? name.slice(1, -1) : name
}
