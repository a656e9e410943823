import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'

/**
 * The names that a function's body makes its own by giving them a value anywhere in it. What it imports is left out, because an
 * import says where it leads; so is what it declares `global`. Inner functions and comprehensions have names of their own.
 */
export function localNames(body: ValueNode | undefined, text: string): ReadonlySet<string> {
  const names = new Set<string>()
  const others = new Set<string>()
  const slice = (node: ValueNode): string => text.slice(node.start, node.end)
  const visit = (node: ValueNode): void => {
    switch (node.type) {
      case 'function_definition':
      case 'class_definition': {
        const name = field(node, 'name')
        if (name !== undefined) names.add(slice(name))
        return
      }
      case 'lambda':
        return
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of node.children) others.add(slice(child))
        return
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        for (const child of node.children) if (child.field === 'name') others.add(slice(field(child, 'alias') ?? child))
        return
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
        targets(field(node, 'left'))
        break
      case 'named_expression':
        targets(field(node, 'name'))
        break
      case 'as_pattern_target':
        for (const child of node.children) targets(child)
        return
      case 'case_pattern':
        captures(node)
        return
      default:
    }
    for (const child of node.children) if (!COMPREHENSIONS.has(child.type)) visit(child)
  }
  const targets = (node: ValueNode | undefined): void => {
    if (node?.type === 'identifier') names.add(slice(node))
    else if (node !== undefined && TARGETS.has(node.type)) for (const child of node.children) targets(child)
  }
  const captures = (node: ValueNode): void => {
    for (const name of capturedNames(node, text)) names.add(name)
  }
  if (body !== undefined) visit(body)
  for (const name of others) names.delete(name)
  return names
}

/** Names that a `case` pattern takes: single words, but not the ones with dots, nor classes and keywords. */
export function capturedNames(pattern: ValueNode, text: string): string[] {
  const names: string[] = []
  const visit = (node: ValueNode, parent: string): void => {
    if (node.type === 'dotted_name') {
      if (node.children.length === 1 && parent === 'case_pattern') names.push(text.slice(node.start, node.end))
      return
    }
    const isTaken = parent === 'splat_pattern' || parent === 'as_pattern' || parent === 'as_pattern_target'
    if (node.type === 'identifier' && isTaken) names.push(text.slice(node.start, node.end))
    for (const child of node.children) visit(child, node.type)
  }
  visit(pattern, '')
  return names
}

export const TARGETS: ReadonlySet<string> = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'tuple',
  'list',
  'expression_list',
  'list_splat',
  'parenthesized_expression',
])

const COMPREHENSIONS = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression'])

/** Names that a module defines or imports at its top, also under `if` and `try`: what they mean is found by name. */
export function definedNames(module: ValueNode, text: string): ReadonlySet<string> {
  const names = new Set<string>()
  const slice = (node: ValueNode): string => text.slice(node.start, node.end)
  const visit = (node: ValueNode): void => {
    for (const child of node.children) {
      if (child.type === 'function_definition' || child.type === 'class_definition') {
        const name = field(child, 'name')
        if (name !== undefined) names.add(slice(name))
      } else if (child.type === 'import_statement' || child.type === 'import_from_statement') {
        for (const each of child.children) {
          if (each.field !== 'name') continue
          const alias = field(each, 'alias')
          const name = alias === undefined ? slice(each) : slice(alias)
          names.add(name)
          // `import a.b` binds `a`.
          if (name.includes('.')) names.add(name.slice(0, name.indexOf('.')))
        }
      } else if (!LEAVES.has(child.type)) visit(child)
    }
  }
  visit(module)
  return names
}

/** Statements that hold no definition of the module. */
const LEAVES = new Set(['expression_statement', 'return_statement', 'lambda', 'call'])
