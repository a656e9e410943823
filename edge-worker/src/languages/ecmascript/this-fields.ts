import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { nameOf } from './header.js'
import type { Walk } from './walk-items.js'

/** Their `this` is another one. */
const OTHER_THIS: ReadonlySet<string> = new Set([
  'function_expression',
  'function_declaration',
  'generator_function',
  'generator_function_declaration',
  'class',
  'class_declaration',
  'method_definition',
])

/**
 * Fields that JavaScript declares by assigning: `this.path = path` in a constructor or method, the first of each name.
 * Only the name is the field's text; what is assigned is done by the method that it stands in.
 */
export function readThisFields(walk: Walk, bodies: readonly ValueNode[], owner: number, declared: ReadonlySet<string>): void {
  if (!walk.declaresByThis) return
  const seen = new Set(declared)
  for (const body of bodies) {
    const waiting: ValueNode[] = [body]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const left = node.type === 'assignment_expression' ? field(node, 'left') : undefined
      if (left !== undefined) add(left)
      for (let at = node.children.length - 1; at >= 0; at--) {
        const child = node.children[at]
        if (child !== undefined && !OTHER_THIS.has(child.type)) waiting.push(child)
      }
    }
  }

  function add(left: ValueNode): void {
    if (left.type !== 'member_expression' || field(left, 'object')?.type !== 'this') return
    const name = nameOf(walk.text, field(left, 'property'))
    if (name === '' || seen.has(name)) return
    seen.add(name)
    const visibility = name.startsWith('#') ? '#private' : 'inherited'
    walk.add(left, { type: 'field', name, parent: owner, body: left.end, signatureEnd: left.end, visibility, isExported: true })
  }
}
