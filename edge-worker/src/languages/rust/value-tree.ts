import type Parser from 'tree-sitter'

/** A named node of the syntax tree as a plain value: reading it costs nothing more, and no climbing is ever needed. */
export interface ValueNode {
  readonly type: string
  readonly field: string | null
  /** UTF-16 offsets into the file's text. */
  readonly start: number
  readonly end: number
  readonly depth: number
  /** Named children, and the anonymous `_` of patterns, which holds a place. */
  readonly children: readonly ValueNode[]
}

/** Below this a tree is not read: each level costs stack here, and `.parent` or a query would cost even more. */
export const MAX_DEPTH = 500

interface Growing extends ValueNode {
  readonly children: ValueNode[]
}

const SKIPPED = new Set(['line_comment', 'block_comment', 'string_content', 'escape_sequence', 'macro_definition'])

/** Copies a tree with one cursor and a stack of our own. `offset` is where the tree's text begins in the file, `depth` how deep that already is. */
export function readValueTree(root: Parser.SyntaxNode, text: string, offset: number, depth: number): ValueNode {
  const cursor = root.walk()
  const top: Growing = { type: root.type, field: null, start: root.startIndex + offset, end: root.endIndex + offset, depth, children: [] }
  const stack: Growing[] = [top]
  if (!cursor.gotoFirstChild()) return top
  for (;;) {
    const node = read(cursor, text, offset, stack.length + depth)
    if (node !== null) {
      stack[stack.length - 1]?.children.push(node)
      if (stack.length + depth < MAX_DEPTH && isEntered(node) && cursor.gotoFirstChild()) {
        stack.push(node)
        continue
      }
    }
    while (!cursor.gotoNextSibling()) {
      stack.pop()
      if (stack.length === 0 || !cursor.gotoParent()) return top
    }
  }
}

function read(cursor: Parser.TreeCursor, text: string, offset: number, depth: number): Growing | null {
  if (!cursor.nodeIsNamed) {
    const start = cursor.startIndex + offset
    if (text.charCodeAt(start) !== 95 || cursor.endIndex + offset !== start + 1) return null
    return { type: '_', field: cursor.currentFieldName, start, end: start + 1, depth, children: [] }
  }
  const type = cursor.nodeType
  if (SKIPPED.has(type)) return null
  return { type, field: cursor.currentFieldName, start: cursor.startIndex + offset, end: cursor.endIndex + offset, depth, children: [] }
}

/** A token tree is parsed by itself when it is needed; its tokens say nothing one by one. */
function isEntered(node: ValueNode): boolean {
  return node.type !== 'token_tree' && node.type !== 'attribute_item' && node.type !== 'inner_attribute_item'
}

export function field(node: ValueNode, name: string): ValueNode | undefined {
  for (const child of node.children) if (child.field === name) return child
  return undefined
}

export function childOfType(node: ValueNode, type: string): ValueNode | undefined {
  for (const child of node.children) if (child.type === type) return child
  return undefined
}
