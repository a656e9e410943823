/**
 * The text of a Javadoc comment: marks and the column of stars stripped, inline tags and the commonest HTML as Markdown.
 * Block tags (`@param name ..`) keep their lines.
 */
export function javadocText(comment: string): string | null {
  const inside = comment.replace(/^\/\*\*+/, '').replace(/\*+\/$/, '')
  const lines = inside.split(/\r?\n/).map((line, index) => (index === 0 ? line.trimStart() : line.replace(/^\s*\*+ ?|^\s+$/, '')))
  let least = Infinity
  for (const line of lines.slice(1)) if (line.trim() !== '') least = Math.min(least, line.search(/\S/))
  const text = lines.map((line, index) => (index === 0 || least === Infinity ? line : line.slice(least)).trimEnd()).join('\n')
  const read = readText(text)
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
  return read === '' ? null : read
}

export function isJavadoc(text: string, start: number): boolean {
  return text.startsWith('/**', start) && text[start + 3] !== '/'
}

/** `{@code x}` becomes `x` in backticks, `{@link Foo#bar}` the name that it leads to; HTML is read between the tags only. */
function readText(text: string): string {
  let out = ''
  let at = 0
  for (;;) {
    const open = text.indexOf('{@', at)
    const close = open < 0 ? -1 : closing(text, open)
    if (close < 0) return out + htmlAsMarkdown(text.slice(at))
    out += htmlAsMarkdown(text.slice(at, open)) + tagText(text.slice(open + 2, close))
    at = close + 1
  }
}

/** The brace that closes the tag; braces inside a tag are counted, as javadoc does. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

function tagText(tag: string): string {
  const [, name = '', content = ''] = /^(\w+)\s*([^]*)$/.exec(tag) ?? []
  switch (name) {
    case 'code':
      return /\n/.test(content) ? content : inBackticks(content)
    case 'link':
    case 'linkplain': {
      const [, target = '', label = ''] = /^([^\s(]*(?:\([^)]*\))?)\s*([^]*)$/.exec(content) ?? []
      if (label !== '') return label
      const shown = target.replace(/^#/, '').replace('#', '.')
      return name === 'link' ? inBackticks(shown) : shown
    }
    case 'literal':
    case 'value':
    case 'index':
    case 'summary':
      return content
    case 'inheritDoc':
    case 'docRoot':
      return ''
    default:
      return `{@${tag}}`
  }
}

function inBackticks(text: string): string {
  return text.includes('`') ? text : `\`${text}\``
}

function htmlAsMarkdown(text: string): string {
  if (!text.includes('<') && !text.includes('&')) return text
  return text
    .replace(/<pre\b[^>]*>\n?/gi, '\n```\n')
    .replace(/\n?<\/pre>/gi, '\n```\n')
    .replace(/[^\S\n]*<\/?p>[^\S\n]*\n?/gi, '\n\n')
    .replace(/<\/?(?:code|tt)>/gi, '`')
    .replace(/<\/?(?:b|strong)>/gi, '**')
    .replace(/<\/?(?:i|em)>/gi, '*')
    .replace(/[^\S\n]*<br\s*\/?>[^\S\n]*\n?/gi, '\n')
    .replace(/[^\S\n]*<\/?(?:ul|ol|dl)>[^\S\n]*\n?/gi, '\n')
    .replace(/[^\S\n]*<li>\s*/gi, '- ')
    .replace(/[^\S\n]*<\/li>/gi, '')
    .replace(/&(lt|gt|amp|quot|nbsp|#64);/g, (_whole, name: string) => ENTITIES[name] ?? '')
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#64': '@' }
