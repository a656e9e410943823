/** A doc comment cut into the parts that Markdown sees. Inline marks stay as written. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly info: string; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  /** Tables and quotes, kept line by line. */
  | { readonly kind: 'other'; readonly text: string }

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const ITEM = /^( {0,3})([*+-]|\d{1,9}[.)])(\s+)(.*)$/
const LINK_DEFINITION = /^ {0,3}\[[^\]]+\]:\s*\S+/
const RULE = /^ {0,3}([*_-])( *\1){2,}\s*$/

/**
 * The blocks of a comment without its comment marks. Link definitions, rules and HTML comments are dropped.
 * A line reader, not a whole Markdown parser: it knows what doc comments use, and never throws.
 */
export function toBlocks(comment: string): Block[] {
  const lines = unindent(comment.replace(/<!--(?:(?!<!--)[\s\S])*?-->/g, '').split(/\r?\n/))
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)
    const heading = HEADING.exec(line)
    if (line.trim() === '' || LINK_DEFINITION.test(line)) at += 1
    else if (fence !== null) at = readFence({ lines, at, mark: fence[1] ?? '```', info: fence[2] ?? '' }, blocks)
    else if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
      at += 1
    } else if (RULE.test(line)) at += 1
    else if (ITEM.test(line)) at = readList(lines, at, blocks)
    else if (/^ {4}/.test(line)) at = readIndentedCode(lines, at, blocks)
    else if (/^\s*[|>]/.test(line)) at = readOther(lines, at, blocks)
    else at = readParagraph(lines, at, blocks)
  }
  return blocks
}

/** Takes away the indentation that all lines share. */
function unindent(lines: readonly string[]): string[] {
  const expanded = lines.map((line) => line.replace(/\t/g, '    '))
  const indents = expanded.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const shared = Math.min(...indents, 1000)
  return expanded.map((line) => line.slice(shared))
}

interface Fence {
  readonly lines: readonly string[]
  readonly at: number
  readonly mark: string
  readonly info: string
}

function readFence({ lines, at, mark, info }: Fence, blocks: Block[]): number {
  const indent = (lines[at] ?? '').length - (lines[at] ?? '').trimStart().length
  let end = at + 1
  while (end < lines.length && !isClosing(lines[end] ?? '', mark)) end += 1
  const text = lines.slice(at + 1, end).map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length)))
  blocks.push({ kind: 'code', info: info.trim(), text: text.join('\n') })
  return end + 1
}

const isClosing = (line: string, mark: string): boolean => {
  const text = line.trim()
  return text.length >= mark.length && text === (mark[0] ?? '`').repeat(text.length)
}

function readIndentedCode(lines: readonly string[], at: number, blocks: Block[]): number {
  let end = at
  while (end < lines.length && (/^ {4}/.test(lines[end] ?? '') || (lines[end] ?? '').trim() === '')) end += 1
  blocks.push({
    kind: 'code',
    info: '',
    text: lines
      .slice(at, end)
      .map((line) => line.slice(4))
      .join('\n')
      .trimEnd(),
  })
  return end
}

/** Items with what is indented under them; a loose list (blank lines between items) is one list too. */
function readList(lines: readonly string[], at: number, blocks: Block[]): number {
  const ordered = /^\s*\d/.test(lines[at] ?? '')
  const items: string[][] = []
  let end = at
  for (let blank = false; end < lines.length; end += 1) {
    const line = lines[end] ?? ''
    const item = ITEM.exec(line)
    if (line.trim() === '') blank = true
    else if (item !== null && !RULE.test(line) && /^\d/.test(item[2] ?? '') === ordered) {
      items.push([item[4] ?? ''])
      blank = false
    } else if (/^ {2,}\S/.test(line)) {
      items.at(-1)?.push(line.trim())
      blank = false
    } else if (blank || HEADING.test(line) || FENCE.test(line) || LINK_DEFINITION.test(line)) break
    else items.at(-1)?.push(line.trim())
  }
  blocks.push({ kind: 'list', ordered, items: items.map((item) => item.join(' ')) })
  return end
}

function readOther(lines: readonly string[], at: number, blocks: Block[]): number {
  let end = at
  while (end < lines.length && /^\s*[|>]/.test(lines[end] ?? '')) end += 1
  const text = lines.slice(at, end).join('\n')
  // A quote is prose with a bar before it.
  if (text.trimStart().startsWith('>')) blocks.push({ kind: 'paragraph', text: text.replace(/^\s*>\s?/gm, '').trim() })
  else blocks.push({ kind: 'other', text })
  return end
}

function readParagraph(lines: readonly string[], at: number, blocks: Block[]): number {
  let end = at
  while (end < lines.length && isProse(lines[end] ?? '', end > at)) end += 1
  const underline = lines[end]
  if (underline !== undefined && end > at && /^ {0,3}(=+|-+)\s*$/.test(underline)) {
    blocks.push({ kind: 'heading', level: underline.includes('=') ? 1 : 2, text: lines.slice(at, end).join(' ').trim() })
    return end + 1
  }
  const last = Math.max(end, at + 1)
  blocks.push({ kind: 'paragraph', text: lines.slice(at, last).join('\n') })
  return last
}

/** An ordered list may break into a paragraph only when it begins with 1 (CommonMark), so that a wrapped "in 2024." is no list. */
function isProse(line: string, isFollowing: boolean): boolean {
  if (line.trim() === '' || FENCE.test(line) || HEADING.test(line) || /^\s*\|/.test(line) || LINK_DEFINITION.test(line)) return false
  if (isFollowing && /^ {0,3}(=+|-+)\s*$/.test(line)) return false
  const item = ITEM.exec(line)
  return item === null || (isFollowing && /^\d/.test(item[2] ?? '') && !/^1[.)]$/.test(item[2] ?? ''))
}
