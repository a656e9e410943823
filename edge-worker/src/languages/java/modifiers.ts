import { childOfType, type ValueNode } from '../value-tree.js'
import { oneLine } from '../written-text.js'

export interface Modifiers {
  /** `public`, `protected`, `private`; `inherited` where nothing is written. */
  readonly visibility: string
  readonly words: readonly string[]
  /** The words in their order, annotations left out. */
  readonly text: string
  /** Each as written. */
  readonly annotations: readonly string[]
  /** Offset of the first token that is no annotation. */
  readonly head: number
  /** Where the modifiers end and the header goes on. */
  readonly end: number
}

/** What stands before a declaration's type or name. */
export function readModifiers(node: ValueNode, text: string): Modifiers {
  const modifiers = childOfType(node, 'modifiers')
  if (modifiers === undefined) return { visibility: 'inherited', words: [], text: '', annotations: [], head: node.start, end: node.start }
  const annotations = modifiers.children.filter((child) => child.type === 'marker_annotation' || child.type === 'annotation')
  let at = modifiers.start
  let words = ''
  let head: number | undefined
  for (const part of [...modifiers.children, null]) {
    const between = text.slice(at, part?.start ?? modifiers.end).replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length))
    const found = between.search(/\S/)
    if (found >= 0) head ??= at + found
    words += ` ${between}`
    at = part?.end ?? modifiers.end
  }
  const list = words.split(/\s+/).filter((word) => word !== '')
  const next = node.children[node.children.indexOf(modifiers) + 1]
  const afterModifiers = modifiers.end + Math.max(0, text.slice(modifiers.end, next?.end ?? node.end).search(/\S/))
  return {
    visibility: list.find((word) => word === 'public' || word === 'protected' || word === 'private') ?? 'inherited',
    words: list,
    text: list.join(' '),
    annotations: annotations.map((annotation) => oneLine(text.slice(annotation.start, annotation.end))),
    head: head ?? afterModifiers,
    end: modifiers.end,
  }
}
