import type { ValueNode } from '../value-tree.js'

/** UTF-16 offsets into the file's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The comments of a file, by place. */
export class Comments {
  private readonly spans: Span[] = []

  constructor(
    private readonly text: string,
    tree: ValueNode,
  ) {
    const waiting: ValueNode[] = [tree]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node.type === 'comment') this.spans.push({ start: node.start, end: node.end })
      // Backwards, so that the first child is taken first and the comments come in order.
      for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at] as ValueNode)
    }
  }

  /** The JSDoc comment that ends before `offset` with nothing but white space and other comments between. */
  docsBefore(offset: number, except: Span | null): Span | null {
    let at = offset
    for (let index = this.lastBefore(offset); index >= 0; index--) {
      const span = this.spans[index] as Span
      if (this.text.slice(span.end, at).trim() !== '' || span === except) return null
      if (isJsDoc(this.text, span.start)) return span
      at = span.start
    }
    return null
  }

  /** The comments that stand before any code of the file, which begins at `offset`. */
  leading(offset: number): readonly Span[] {
    return this.spans.filter((span) => span.end <= offset)
  }

  private lastBefore(offset: number): number {
    let low = 0
    let high = this.spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.spans[middle] as Span).end <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/** `/**` but neither `/***` nor the empty comment. */
function isJsDoc(text: string, at: number): boolean {
  return text.startsWith('/**', at) && text[at + 3] !== '*' && text[at + 3] !== '/'
}

/** What a block comment says, without its marks and the column of stars before its lines. */
export function commentText(text: string, span: Span): string | null {
  const inside = text
    .slice(span.start, span.end)
    .replace(/^\/\*+!?/, '')
    .replace(/\*+\/$/, '')
  const lines = inside.split(/\r?\n/)
  const isStarred = lines.slice(1).every((line, at) => /^\s*\*/.test(line) || (at === lines.length - 2 && line.trim() === ''))
  const said = lines
    .map((line, at) => (isStarred || at === 0 ? line.replace(/^\s*\*? ?/, '') : line).trimEnd())
    .join('\n')
    .replace(/^\s*\n/, '')
    .trimEnd()
  const shown = said.includes('\n') ? said : said.trim()
  return shown === '' ? null : shown
}

const FILE_TAG = /@(?:packageDocumentation|file[oO]verview|file|overview|module)\b/
const LICENCE = /^\s*(?:@license|@licence|@preserve|copyright\b|\(c\)|.*\blicen[sc]ed?\b.*$)/im

/**
 * The comment at the top of a file that speaks of the file: one that says so, or the first one, when it is not the docs of
 * the first item. Licences are nobody's docs.
 */
export function fileComment(text: string, comments: Comments, tree: ValueNode): Span | null {
  const first = tree.children.find((child) => child.type !== 'comment')
  const leading = comments.leading(first?.start ?? tree.end).filter((span) => text.startsWith('/*', span.start))
  const tagged = leading.find((span) => FILE_TAG.test(text.slice(span.start, span.end)))
  if (tagged !== undefined) return tagged
  const candidate = leading.find((span) => !LICENCE.test(text.slice(span.start, span.end)) && !text.startsWith('/*!', span.start))
  if (candidate === undefined) return null
  const isOfItem = first !== undefined && !HEADLESS.has(first.type) && comments.docsBefore(first.start, null) === candidate
  // A switch for a tool, such as `/* eslint-disable */`, says nothing to a reader.
  return isOfItem || !isJsDoc(text, candidate.start) ? null : candidate
}

/** What a file begins with before its first item. */
const HEADLESS: ReadonlySet<string> = new Set(['import_statement', 'expression_statement'])
