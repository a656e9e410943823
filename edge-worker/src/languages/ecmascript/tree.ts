import type { TreeRules, ValueNode } from '../value-tree.js'

/** What is copied of the trees of the three grammars, whose nodes share their names. Comments stay: docs are looked for among them. */
export const ECMASCRIPT_TREE: TreeRules = {
  skipped: new Set(['string_fragment', 'escape_sequence', 'jsx_text', 'html_character_reference', 'hash_bang_line']),
  closed: new Set(['regex', 'predefined_type', 'comment', 'string']),
  marks: new Set([
    '=',
    'abstract',
    'async',
    'const',
    'declare',
    'default',
    'export',
    'get',
    'global',
    'let',
    'readonly',
    'set',
    'static',
    'var',
  ]),
}

export function hasMark(node: ValueNode, mark: string): boolean {
  return node.children.some((child) => child.type === mark && child.children.length === 0)
}

/** Parts that are code: no comments, none of the words above. */
export function partsOf(node: ValueNode): readonly ValueNode[] {
  return node.children.filter((child) => child.type !== 'comment' && !ECMASCRIPT_TREE.marks.has(child.type))
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'type_assertion',
])

/** The expression inside of brackets and type assertions, which change nothing at run time. */
export function unwrapped(node: ValueNode): ValueNode {
  let inner = node
  while (WRAPPERS.has(inner.type)) {
    const parts = partsOf(inner)
    const next = inner.type === 'type_assertion' ? parts[parts.length - 1] : parts[0]
    if (next === undefined) return inner
    inner = next
  }
  return inner
}

export const FUNCTION_VALUES: ReadonlySet<string> = new Set([
  'arrow_function',
  'function_expression',
  'generator_function',
  // Older grammars' word for a function expression.
  'function',
])

/** The text between the quotes of a string, `null` for anything else. */
export function stringText(text: string, node: ValueNode | undefined): string | null {
  return node?.type === 'string' ? text.slice(node.start + 1, Math.max(node.start + 1, node.end - 1)) : null
}
