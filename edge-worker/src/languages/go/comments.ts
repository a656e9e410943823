import type { ValueNode } from '../value-tree.js'

export interface GoComments {
  /** Where the comments begin, or the declaration itself where there are none. */
  readonly start: number
  /** As `go doc` shows them, directives left out; `null` where nothing is said. */
  readonly docs: string | null
  /** `//go:noinline`, `//nolint:errcheck`: words to a tool. */
  readonly directives: readonly string[]
}

/** The comments directly above the sibling at `index`, without an empty line between: what Go takes for its documentation. */
export function commentsAbove(siblings: readonly ValueNode[], index: number, text: string): GoComments {
  const group: ValueNode[] = []
  let start = siblings[index]?.start ?? 0
  for (let at = index - 1; at >= 0 && group.length < MOST_COMMENTS; at--) {
    const comment = siblings[at]
    if (comment?.type !== 'comment' || breaksBetween(text, comment.end, start) > 1) break
    const before = siblings[at - 1]
    // Behind something else on one line, it speaks of that.
    if (before !== undefined && before.type !== 'comment' && breaksBetween(text, before.end, comment.start) === 0) break
    group.push(comment)
    start = comment.start
  }
  return { start, ...readGroup(group.reverse().map((comment) => text.slice(comment.start, comment.end))) }
}

/** Longer ones are data. */
const MOST_COMMENTS = 2000

/** A comment behind the sibling at `index` on the line where that ends. */
export function commentBehind(siblings: readonly ValueNode[], index: number, text: string): string | null {
  const [node, next] = [siblings[index], siblings[index + 1]]
  if (node === undefined || next?.type !== 'comment' || text.slice(node.end, next.start).includes('\n')) return null
  return readGroup([text.slice(next.start, next.end)]).docs
}

/** Line breaks, up to two: what lies between comments and code is white space and a mark or two. */
function breaksBetween(text: string, from: number, to: number): number {
  const first = text.indexOf('\n', from)
  if (first === -1 || first >= to) return 0
  const second = text.indexOf('\n', first + 1)
  return second === -1 || second >= to ? 1 : 2
}

const DIRECTIVE = /^\/\/(?:[a-z0-9]+:[a-z0-9]|line |extern |export |nolint\b|\s?\+build )/

function readGroup(comments: readonly string[]): Pick<GoComments, 'docs' | 'directives'> {
  const directives = comments.filter((comment) => DIRECTIVE.test(comment)).map((comment) => comment.trimEnd())
  const lines = comments.filter((comment) => !DIRECTIVE.test(comment)).flatMap(linesOf)
  const docs = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '')
  return { docs: docs === '' ? null : docs, directives }
}

function linesOf(comment: string): string[] {
  if (comment.startsWith('//')) return [comment.slice(2).replace(/^ /, '')]
  return comment
    .slice(2)
    .replace(/\*\/$/, '')
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line.replace(/^ /, '') : line))
}
