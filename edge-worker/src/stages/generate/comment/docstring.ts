/**
 * A docstring as Markdown, so that one reader serves all languages: parameters, results and exceptions of Sphinx, Google and NumPy
 * style become sections with lists, sessions and literal blocks fenced code, roles their text. What is none of these stays as written.
 */
export function docstringMarkdown(docstring: string): string {
  const sections = new Sections()
  const lines = dedented(docstring.split(/\r?\n/))
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const field = FIELD.exec(line)
    const google = GOOGLE.exec(line)
    const directive = DIRECTIVE.exec(line)
    const underline = lines[at + 1]?.trim() ?? ''
    if (field !== null) at = readField(lines, at, field, sections)
    else if (/^-{3,}$|^={3,}$/.test(underline) && isTitle(line)) at = readNumpy(lines, at, sections)
    else if (google !== null && /^\s+\S/.test(lines[at + 1] ?? '')) at = readGoogle(lines, at, google[1] ?? '', sections)
    else if (directive !== null) at = readDirective(lines, at, directive, sections)
    else if (/^\s*>>>/.test(line)) at = readSession(lines, at, sections.prose)
    else if (/::\s*$/.test(line) && /^\s/.test(lines[nextFilled(lines, at + 1)] ?? '')) at = readLiteral(lines, at, sections.prose)
    else {
      sections.prose.push(withoutRoles(line))
      at += 1
    }
  }
  return sections.markdown()
}

/** The first line stands behind the quotes, so that the others alone tell the indentation. */
function dedented(lines: readonly string[]): string[] {
  const margin = Math.min(...lines.slice(1).flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)])), 1000)
  return lines.map((line, at) => (at === 0 ? line.trimStart() : line.slice(margin)))
}

const FIELD =
  /^\s*:(param(?:eter)?|arg(?:ument)?|key(?:word)?|returns?|raises?|except(?:ion)?|rtype|type|yields?|i?var|cvar|meta)\b\s*([^:]*):\s?(.*)$/
const GOOGLE =
  /^(Args|Arguments|Parameters|Params|Keyword Args|Keyword Arguments|Other Parameters|Returns?|Yields?|Raises|Exceptions?|Examples?|Notes?|Warnings?):\s*$/
const DIRECTIVE = /^(\s*)\.\.\s+([\w-]+)::\s*(.*)$/

type Section = 'Parameters' | 'Returns' | 'Errors' | 'Examples' | 'Notes'

class Sections {
  readonly prose: string[] = []
  private readonly parts = new Map<Section, string[]>()

  add(section: Section, text: string): void {
    this.parts.set(section, [...(this.parts.get(section) ?? []), text])
  }

  markdown(): string {
    const sections = [...this.parts].map(([title, parts]) => {
      const isList = title === 'Parameters' || (title === 'Errors' && parts.length > 1)
      return `# ${title}\n\n${isList ? parts.map((part) => `- ${part}`).join('\n') : parts.join('\n\n')}`
    })
    return [this.prose.join('\n').trimEnd(), ...sections].filter((text) => text !== '').join('\n\n')
  }
}

function sectionOf(word: string): Section | null {
  if (/^(?:arg|param|key|other param)/i.test(word)) return 'Parameters'
  if (/^(?:return|yield)/i.test(word)) return 'Returns'
  if (/^(?:raise|except)/i.test(word)) return 'Errors'
  if (/^example/i.test(word)) return 'Examples'
  return /^(?:note|warning)/i.test(word) ? 'Notes' : null
}

/** `:param str name: text`, with what is indented under it. */
function readField(lines: readonly string[], at: number, field: RegExpExecArray, sections: Sections): number {
  const [, word = '', subject = '', first = ''] = field
  const { text, end } = continued(lines, at + 1, first)
  const section = /^(?:r?type|i?var|cvar|meta)$/.test(word) ? null : sectionOf(word)
  const name = subject.trim().split(/\s+/).pop() ?? ''
  if (section === 'Returns' && text !== '') sections.add(section, text)
  else if (section !== null && name !== '') sections.add(section, entry(name, text))
  return end
}

/** Lines that belong to a field: indented, or simply going on until an empty line or the next field. */
function continued(lines: readonly string[], from: number, first: string): { readonly text: string; readonly end: number } {
  const words = [first]
  let end = from
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !FIELD.test(lines[end] ?? '') && !DIRECTIVE.test(lines[end] ?? ''))
    words.push(lines[end++] ?? '')
  return { text: oneParagraph(words), end }
}

/** `Args:` with an indented block. */
function readGoogle(lines: readonly string[], at: number, title: string, sections: Sections): number {
  const { block, end } = indentedBlock(lines, at + 1, 0)
  addBlock(sections, { section: sectionOf(title), block, entryLine: GOOGLE_ENTRY, typeFirst: false })
  return end
}

/** `Parameters` over a line of dashes, up to the next such title. */
function readNumpy(lines: readonly string[], at: number, sections: Sections): number {
  let end = at + 2
  while (end < lines.length && !(isTitle(lines[end] ?? '') && /^-{3,}$|^={3,}$/.test(lines[end + 1]?.trim() ?? ''))) end += 1
  const title = (lines[at] ?? '').trim()
  const block = lines.slice(at + 2, end)
  const section = sectionOf(title)
  if (section === null) sections.prose.push(`## ${title}`, '', ...block.map(withoutRoles), '')
  else addBlock(sections, { section, block, entryLine: NUMPY_ENTRY, typeFirst: true })
  return end
}

/** `name (type): text` */
const GOOGLE_ENTRY = /^(\*{0,2}[\w.]+)\s*(?:\([^)]*\))?:\s*(.*)$/
/** `name, other : type`, the text in the lines below. */
const NUMPY_ENTRY = /^(\*{0,2}[\w.]+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::\s*(.*))?$/

interface SectionBlock {
  readonly section: Section | null
  readonly block: readonly string[]
  readonly entryLine: RegExp
  /** A result's type stands in a line of its own before the words. */
  readonly typeFirst: boolean
}

/** Entries at the block's own indentation with what is indented under them; sections of prose as they are. */
function addBlock(sections: Sections, { section, block, entryLine, typeFirst }: SectionBlock): void {
  if (section === null) return
  if (section === 'Examples' || section === 'Notes') {
    const prose: string[] = []
    for (let at = 0; at < block.length;) {
      if (/^\s*>>>/.test(block[at] ?? '')) at = readSession(block, at, prose)
      else prose.push(withoutRoles(block[at++] ?? ''))
    }
    sections.add(section, prose.join('\n').trim())
    return
  }
  if (section === 'Returns') {
    const words = typeFirst ? block.filter((line) => /^\s/.test(line)) : block
    sections.add(section, oneParagraph(words.length > 0 ? words : block))
    return
  }
  let names: readonly string[] = []
  let words: string[] = []
  const close = (): void => {
    for (const name of names) sections.add(section, entry(name, oneParagraph(words)))
  }
  for (const line of block) {
    const begins = /^\S/.test(line) ? entryLine.exec(line) : null
    if (begins === null) {
      words.push(line)
      continue
    }
    close()
    names = (begins[1] ?? '').split(/\s*,\s*/)
    // Behind a parameter's name NumPy has its type.
    words = typeFirst && section === 'Parameters' ? [] : [begins[2] ?? '']
  }
  close()
}

/** `.. note::` and the like with what is indented under them. */
function readDirective(lines: readonly string[], at: number, directive: RegExpExecArray, sections: Sections): number {
  const [, indent = '', name = '', argument = ''] = directive
  const { block, end } = indentedBlock(lines, at + 1, indent.length)
  const text = oneParagraph(block)
  if (/^(?:code-block|code|sourcecode|testcode|doctest|ipython)$/.test(name))
    sections.prose.push('', '```' + (argument === '' ? 'python' : argument), ...withoutOptions(block), '```', '')
  else if (/^(?:note|warning|caution|attention|important|tip|hint|seealso)$/.test(name))
    sections.add('Notes', [argument, text].filter((part) => part !== '').join(' '))
  else if (name === 'deprecated') sections.add('Notes', `Deprecated since ${argument}: ${text}`.replace(/: $/, '.'))
  else if (name === 'versionadded') sections.add('Notes', `Added in version ${argument}. ${text}`.trim())
  else if (name === 'versionchanged') sections.add('Notes', `Changed in version ${argument}: ${text}`.replace(/: $/, '.'))
  return end
}

function withoutOptions(block: readonly string[]): string[] {
  const lines = block.filter((line) => !/^:\w+:/.test(line))
  while (lines[0]?.trim() === '') lines.shift()
  while (lines.length > 0 && lines[lines.length - 1]?.trim() === '') lines.pop()
  return lines
}

/** `>>> f(1)` with its answers, up to an empty line that no prompt follows. */
function readSession(lines: readonly string[], at: number, into: string[]): number {
  let end = at
  while (end < lines.length && ((lines[end] ?? '').trim() !== '' || /^\s*>>>/.test(lines[end + 1] ?? ''))) end += 1
  const margin = (lines[at] ?? '').length - (lines[at] ?? '').trimStart().length
  into.push(
    '',
    '```python',
    ...lines.slice(at, end).map((line) => line.slice(Math.min(margin, line.length - line.trimStart().length))),
    '```',
    '',
  )
  return end
}

/** A line that ends in `::` and the indented block that it announces. */
function readLiteral(lines: readonly string[], at: number, into: string[]): number {
  const line = lines[at] ?? ''
  const { block, end } = indentedBlock(lines, at + 1, line.length - line.trimStart().length)
  const before = line.trimEnd().slice(0, -2).trimEnd()
  const code = withoutOptions(block)
  if (before !== '') into.push(withoutRoles(`${before}:`))
  if (code.length > 0) into.push('', '```python', ...code, '```', '')
  return Math.max(end, at + 1)
}

/** The lines that are indented more than `indent`, without the indentation that they share. */
function indentedBlock(lines: readonly string[], from: number, indent: number): { readonly block: string[]; readonly end: number } {
  let end = from
  while (end < lines.length && ((lines[end] ?? '').trim() === '' || (lines[end] ?? '').search(/\S/) > indent)) end += 1
  const taken = lines.slice(from, end)
  const margin = Math.min(...taken.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)), 1000)
  return { block: taken.map((line) => line.slice(margin)), end }
}

function nextFilled(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && (lines[at] ?? '').trim() === '') at += 1
  return at
}

const isTitle = (line: string): boolean => /^[A-Z][\w ]{2,40}$/.test(line.trimEnd())

const entry = (name: string, text: string): string => `\`${name.replace(/^\*+/, '')}\`: ${text === '' ? '-' : text}`

const oneParagraph = (lines: readonly string[]): string =>
  withoutRoles(lines.map((line) => line.trim()).join(' '))
    .replace(/\s+/g, ' ')
    .trim()

/** ``:class:`Request <Request>` `` is `Request`, ``:meth:`~a.B.close` `` is `close`. */
function withoutRoles(text: string): string {
  return (
    text
      .replace(
        /:[\w:+.-]{1,40}:`~?([^`<]{1,200}?)\s*(?:<[^`>]*>)?`/g,
        (role, name: string) => `\`${/:`~/.test(role) ? (name.split('.').pop() ?? name) : name}\``,
      )
      .replace(/(^|[^`])`([^`<]{1,200}?)\s*<[^`>\s]{1,300}>`__?/g, '$1$2')
      // A mark of reStructuredText that lets a letter follow.
      .replace(/`\\{1,2}(?=\w)/g, '`')
  )
}
