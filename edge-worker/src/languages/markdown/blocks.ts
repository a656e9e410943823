import MarkdownIt from 'markdown-it'

export interface Heading {
  /** 1 to 6. */
  readonly level: number
  /** Without its marks. */
  readonly text: string
  /** Offsets of its line or lines, the line break after them included. */
  readonly start: number
  readonly end: number
}

export interface MarkdownBlocks {
  readonly headings: readonly Heading[]
  /** Offsets at which paragraphs, lists, code and tables begin, in order. */
  readonly starts: readonly number[]
  /** Links without a scheme, each with the offset of the block that it stands in. */
  readonly links: readonly { readonly target: string; readonly start: number }[]
  /** Where the text begins, after the front matter. */
  readonly textStart: number
}

/** CommonMark, with its own limit of nesting: quotes and lists deeper than 20 are text. */
const parser = new MarkdownIt('commonmark')

/** Headings, blocks and links at the top of a document: what stands in code, quotes, lists, HTML and front matter is no heading. */
export function readBlocks(text: string): MarkdownBlocks {
  const textStart = frontMatterEnd(text)
  // Blanks instead of what is left out, so that lines keep their numbers.
  const source = text.slice(0, textStart).replace(/[^\r\n]/g, ' ') + text.slice(textStart)
  const lineStarts = startsOfLines(text)
  const offset = (line: number): number => lineStarts[line] ?? text.length
  const headings: Heading[] = []
  const starts: number[] = []
  const links: { target: string; start: number }[] = []
  const tokens = parser.parse(source, {})
  let blockStart = textStart
  for (const [index, token] of tokens.entries()) {
    if (token.map !== null && token.level === 0 && token.nesting !== -1) {
      blockStart = offset(token.map[0])
      if (token.type === 'heading_open') {
        const inline = tokens[index + 1]
        headings.push({
          level: Number(token.tag.slice(1)),
          text: plainText(inline?.children ?? []) || '(untitled)',
          start: blockStart,
          end: offset(token.map[1]),
        })
      } else starts.push(blockStart)
    }
    for (const child of token.children ?? []) {
      const target = child.type === 'link_open' ? child.attrGet('href') : null
      if (typeof target === 'string' && isInRepository(target)) links.push({ target: withoutFragment(target), start: blockStart })
    }
  }
  return { headings, starts, links, textStart }
}

type Token = ReturnType<typeof parser.parse>[number]

function plainText(children: readonly Token[]): string {
  const words = children.map((child) =>
    child.type === 'text' || child.type === 'code_inline' ? child.content : child.type === 'softbreak' ? ' ' : '',
  )
  const text = words.join('').replace(/\s+/g, ' ').trim()
  // A heading that is a logo has its name in the picture's description.
  return text === '' ? (children.find(({ type }) => type === 'image')?.content ?? '').trim() : text
}

function isInRepository(target: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?|$)/i.test(target)
}

function withoutFragment(target: string): string {
  const path = target.replace(/[#?].*$/s, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** YAML between `---` or TOML between `+++`, at the very top. */
function frontMatterEnd(text: string): number {
  const top = text.startsWith('\uFEFF') ? 1 : 0
  const mark = /^(?:---|\+\+\+)(?=[ \t]*\r?\n)/.exec(text.slice(top, top + 1000))?.[0]
  if (mark === undefined) return top
  for (let at = text.indexOf('\n', top) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const line = text.slice(at, at + 4).trimEnd()
    if (line !== mark && !(line === '...' && mark === '---')) continue
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end + 1
  }
  return top
}

/** Offsets at which lines begin; as CommonMark has it, a carriage return alone ends a line too. */
function startsOfLines(text: string): number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
  return starts
}
