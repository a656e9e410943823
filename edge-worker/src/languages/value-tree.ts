import { LIMITS } from '@doctown/common/contracts/limits.js'
import type Parser from 'tree-sitter'
import { createNodeNames, type NodeNames } from './node-names.js'

/** A named node of the syntax tree as a plain value: reading it costs nothing more, and no climbing is ever needed. */
export interface ValueNode {
  readonly type: string
  readonly field: string | null
  /** UTF-16 offsets into the file's text. */
  readonly start: number
  readonly end: number
  readonly depth: number
  /** Named children, and the marks that `TreeRules.marks` asks for. */
  readonly children: readonly ValueNode[]
}

/** Below this a tree is not read: each level costs stack here, and `.parent` or a query would cost even more. */
export const MAX_DEPTH = LIMITS.walkDepth

interface Growing extends ValueNode {
  readonly children: ValueNode[]
}

export interface TreeRules {
  /** Names of this grammar's nodes; without them each node's name is a new string. */
  readonly names?: NodeNames
  /** Node types that are left out. */
  readonly skipped: ReadonlySet<string>
  /** Node types whose inside is left out. */
  readonly closed: ReadonlySet<string>
  /** Words and marks that the grammar leaves without a name and that are wanted all the same, such as the `_` of patterns, which holds a place. */
  readonly marks: ReadonlySet<string>
}

export interface TreeSource {
  readonly text: string
  readonly rules: TreeRules
  /** Where the tree's text begins in the file. */
  readonly offset?: number
  /** How deep that already is. */
  readonly depth?: number
  /** As performance.now(), in ms. */
  readonly deadline?: number
}

export interface ReadTree {
  readonly tree: ValueNode
  readonly tooDeepAt: number | null
  readonly timedOut: boolean
}

const STEPS_BETWEEN_CLOCK_READS = 1024

/** Copies a tree with one cursor and a stack of our own. */
export function readValueTree(root: Parser.SyntaxNode, source: TreeSource): ReadTree {
  const { rules, offset = 0, depth = 0, deadline = Infinity } = source
  const names = rules.names ?? createNodeNames()
  const cursor = root.walk()
  const tree: Growing = { type: root.type, field: null, start: root.startIndex + offset, end: root.endIndex + offset, depth, children: [] }
  const stack: Growing[] = [tree]
  let tooDeepAt: number | null = null
  let steps = 0
  if (!cursor.gotoFirstChild()) return { tree, tooDeepAt, timedOut: false }
  for (;;) {
    if (++steps % STEPS_BETWEEN_CLOCK_READS === 0 && performance.now() > deadline) return { tree, tooDeepAt, timedOut: true }
    const node = read(cursor, names, source, stack.length + depth)
    if (node !== null) {
      stack[stack.length - 1]?.children.push(node)
      if (!rules.closed.has(node.type) && cursor.gotoFirstChild()) {
        if (stack.length + depth < MAX_DEPTH) {
          stack.push(node)
          continue
        }
        tooDeepAt ??= node.start
        cursor.gotoParent()
      }
    }
    while (!cursor.gotoNextSibling()) {
      stack.pop()
      if (stack.length === 0 || !cursor.gotoParent()) return { tree, tooDeepAt, timedOut: false }
    }
  }
}

function read(cursor: Parser.TreeCursor, names: NodeNames, source: TreeSource, depth: number): Growing | null {
  const { text, rules, offset = 0 } = source
  const isNamed = names.isNamed(cursor)
  if (!isNamed && rules.marks.size === 0) return null
  let type = names.typeOf(cursor)
  if (isNamed && rules.skipped.has(type)) return null
  const start = cursor.startIndex + offset
  const end = cursor.endIndex + offset
  if (!isNamed) {
    if (end - start > LONGEST_MARK) return null
    type = text.slice(start, end)
    if (!rules.marks.has(type)) return null
  }
  return { type, field: names.fieldOf(cursor), start, end, depth, children: [] }
}

const LONGEST_MARK = 16

export function field(node: ValueNode, name: string): ValueNode | undefined {
  for (const child of node.children) if (child.field === name) return child
  return undefined
}

export function childOfType(node: ValueNode, type: string): ValueNode | undefined {
  for (const child of node.children) if (child.type === type) return child
  return undefined
}
