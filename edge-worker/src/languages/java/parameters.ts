import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { childOfType, field, type ValueNode } from '../value-tree.js'
import { oneLine } from '../written-text.js'

/** Names and types as written; `String...` of a parameter that takes any number. */
export function parametersOf(list: ValueNode | undefined, text: string): Parameter[] {
  const parameters: Parameter[] = []
  const slice = (node: ValueNode): string => oneLine(text.slice(node.start, node.end))
  for (const node of list?.children ?? []) {
    if (node.type === 'formal_parameter') {
      const name = field(node, 'name')
      const type = field(node, 'type')
      if (name !== undefined && type !== undefined) {
        parameters.push({ name: slice(name), param_type: slice(type) + dimensionsOf(node, text) })
      }
    } else if (node.type === 'spread_parameter') {
      const declarator = childOfType(node, 'variable_declarator')
      const name = declarator === undefined ? undefined : field(declarator, 'name')
      const type = node.children.find((child) => child.type !== 'modifiers' && child !== declarator)
      if (name !== undefined && type !== undefined) parameters.push({ name: slice(name), param_type: `${slice(type)}...` })
    }
  }
  return parameters
}

/** The brackets that Java allows after a name: `int sizes[]`. */
export function dimensionsOf(node: ValueNode, text: string): string {
  const dimensions = field(node, 'dimensions')
  return dimensions === undefined ? '' : text.slice(dimensions.start, dimensions.end).replace(/\s+/g, '')
}
