import { newParts, type CommentParts } from './parts.js'

type Part = 'prose' | 'parameters' | 'returns' | 'errors' | 'examples' | 'notes' | 'dropped'

const SECTIONS: Readonly<Record<string, Part | undefined>> = {
  args: 'parameters',
  arguments: 'parameters',
  parameters: 'parameters',
  params: 'parameters',
  'other parameters': 'parameters',
  'keyword args': 'parameters',
  'keyword arguments': 'parameters',
  attributes: 'dropped',
  methods: 'dropped',
  returns: 'returns',
  return: 'returns',
  yields: 'returns',
  raises: 'errors',
  warns: 'errors',
  example: 'examples',
  examples: 'examples',
  note: 'notes',
  notes: 'notes',
  warning: 'notes',
  warnings: 'notes',
  'see also': 'dropped',
  references: 'dropped',
}
/** Sphinx: `:param str name: what it is`. */
const FIELD =
  /^\s*:(param|parameter|arg|argument|key|keyword|type|returns?|rtype|raises?|except|exception|yields?|var|ivar|cvar|vartype|meta)\b\s*([^:]*):\s?(.*)$/
const DIRECTIVE = /^\s*\.\.\s+([\w-]+)::\s*(.*)$/

/** Docstrings with Sphinx fields, Google's headings (`Args:`) or NumPy's (`Parameters` over a line of dashes). */
export function fieldsToMarkdown(docstring: string): CommentParts {
  const parts = newParts()
  const lines = unindented(docstring.split(/\r?\n/))
  let part: Part = 'prose'
  let open: string[] = []
  let isNumpy = false
  const close = (): void => put(part, open, isNumpy, parts)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const title = /^([A-Za-z][A-Za-z ]{2,20}?):?\s*$/.exec(line)?.[1]?.toLowerCase() ?? ''
    const isUnderlined = /^-{3,}\s*$/.test(lines[at + 1] ?? '')
    const isHeading = SECTIONS[title] !== undefined && (isUnderlined || (/:\s*$/.test(line) && /^\s+\S/.test(lines[at + 1] ?? '')))
    const field = FIELD.exec(line)
    if (isHeading || field !== null) {
      close()
      open = []
      isNumpy = isHeading && isUnderlined
      if (field === null) {
        part = SECTIONS[title] ?? 'prose'
        if (isUnderlined) at++
      } else {
        part = partOfField(field[1] ?? '')
        const name = (field[2] ?? '').trim().split(/\s+/).at(-1) ?? ''
        // One field is one entry, in the shape of Google's.
        open = [
          part === 'parameters' ? `${name}: ${field[3] ?? ''}` : part === 'errors' ? `\`${name}\`: ${field[3] ?? ''}` : (field[3] ?? ''),
        ]
      }
    } else if (!isNumpy && part !== 'prose' && line !== '' && !/^\s/.test(line)) {
      close()
      part = 'prose'
      open = [line]
    } else open.push(line)
  }
  close()
  return parts
}

function partOfField(field: string): Part {
  if (/^(?:param|parameter|arg|argument|key|keyword)$/.test(field)) return 'parameters'
  if (/^(?:returns?|yields?)$/.test(field)) return 'returns'
  return /^(?:raises?|except|exception)$/.test(field) ? 'errors' : 'dropped'
}

function put(part: Part, lines: readonly string[], isNumpy: boolean, parts: CommentParts): void {
  if (part === 'dropped' || lines.every((line) => line.trim() === '')) return
  if (part === 'parameters') for (const entry of entriesOf(unindented(lines), isNumpy)) parts.parameters.push(entry)
  else parts[part].push(markdownOf(part === 'prose' ? lines : unindented(lines)))
}

/** `name (type): text`, or NumPy's `name : type` with the text below; what is indented goes on with the entry above. */
function entriesOf(lines: readonly string[], isNumpy: boolean): { name: string; text: string }[] {
  const entries: { name: string; text: string[] }[] = []
  for (const line of lines) {
    const start = /^\*{0,2}([A-Za-z_]\w*)\s*(?:\([^)]*\))?\s*(?::\s*(.*))?$/.exec(line)
    if (start?.[1] !== undefined && !/^\s/.test(line)) entries.push({ name: start[1], text: isNumpy ? [] : [start[2] ?? ''] })
    else entries.at(-1)?.text.push(line.trim())
  }
  return entries.map(({ name, text }) => ({ name, text: markdownOf(text) }))
}

/** reStructuredText's roles as code, its directives without their marks, console sessions as code. */
function markdownOf(lines: readonly string[]): string {
  const out: string[] = []
  let inSession = false
  for (const line of lines) {
    const isSession: boolean = /^\s*>>>/.test(line) || (inSession && line.trim() !== '')
    if (isSession !== inSession) out.push(isSession ? '```python' : '```')
    inSession = isSession
    const directive = DIRECTIVE.exec(line)
    if (directive === null)
      out.push(inSession ? line : line.replace(/:[\w:]+:`[~!]?([^`<]+?)(?:\s*<[^`>]*>)?`/g, '`$1`').replace(/::\s*$/, ':'))
    else if (!/^(?:code|code-block|sourcecode|versionadded|versionchanged|seealso|image|figure)$/.test(directive[1] ?? ''))
      out.push(directive[2] ?? '')
  }
  if (inSession) out.push('```')
  return out.join('\n')
}

/** The first line of a docstring stands behind its quotes, so that the others alone tell the indentation. */
function unindented(lines: readonly string[]): string[] {
  const rest = lines.slice(1).filter((line) => line.trim() !== '')
  const shared = Math.min(...rest.map((line) => line.length - line.trimStart().length), 1000)
  const first = lines[0] ?? ''
  const own = first.length - first.trimStart().length
  // Of a section's lines the first is indented like the others.
  const cut = rest.length === 0 ? own : own > 0 ? Math.min(own, shared) : shared
  return lines.map((line, at) =>
    at === 0 ? line.slice(Math.min(own, own > 0 ? cut : 0)) : line.slice(own > 0 ? cut : shared === 1000 ? 0 : shared),
  )
}
