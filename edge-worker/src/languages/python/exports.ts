import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { stringValue } from './docstrings.js'

/**
 * The names that a module lists in `__all__`, also where it adds to the list (`+=`, `.extend(..)`, `.append(..)`).
 * `null` where there is no such list, or a part of it is not written out: then the names themselves say what is public.
 */
export function exportedNames(module: ValueNode, text: string): ReadonlySet<string> | null {
  const names = new Set<string>()
  let found = false
  let whole = true
  const add = (value: ValueNode | undefined): void => {
    found = true
    if (!readNames(value, text, names)) whole = false
  }
  const visit = (statements: readonly ValueNode[]): void => {
    for (const statement of statements) {
      if (BLOCKS.has(statement.type)) visit(statement.children)
      const [expression] = statement.type === 'expression_statement' ? statement.children : []
      if (expression?.type === 'assignment' || expression?.type === 'augmented_assignment') {
        const left = field(expression, 'left')
        if (left === undefined || text.slice(left.start, left.end) !== '__all__') continue
        if (expression.type === 'assignment' && field(expression, 'right') === undefined) continue
        add(field(expression, 'right'))
      } else if (expression?.type === 'call') {
        const called = field(expression, 'function')
        const method = called === undefined ? '' : text.slice(called.start, called.end)
        if (method !== '__all__.extend' && method !== '__all__.append') continue
        add(field(expression, 'arguments')?.children[0])
      }
    }
  }
  visit(module.children)
  return found && whole ? names : null
}

const BLOCKS = new Set(['if_statement', 'else_clause', 'elif_clause', 'try_statement', 'except_clause', 'block'])

/** False where a part is not a literal. */
function readNames(value: ValueNode | undefined, text: string, names: Set<string>): boolean {
  switch (value?.type) {
    case 'string': {
      const name = stringValue(text.slice(value.start, value.end))
      if (name !== null) names.add(name)
      return name !== null
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
    case 'parenthesized_expression':
    case 'binary_operator':
      return value.children.reduce((all, child) => readNames(child, text, names) && all, true)
    default:
      return false
  }
}
