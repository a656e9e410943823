import { newParts, type CommentParts } from './parts.js'

const FENCE = /^\s*(?:```|~~~)/
/** `@param`, and Doxygen's `\param`; of a word that no convention knows only the `@` form is a tag. */
const TAG =
  /^\s*(?:@([a-zA-Z]+)(?![\w@/.-])|\\(brief|param|tparam|return|returns|retval|throws?|exception|note|warning|see|sa|deprecated|details|file|ingroup|class|struct|fn)\b)(?:\[[a-z, ]+\])?[ \t]*(.*)$/

/** JSDoc, Javadoc and Doxygen: prose up to the first tag, then tags, each up to the next one. */
export function tagsToMarkdown(comment: string): CommentParts {
  const parts = newParts()
  let tag = ''
  let lines: string[] = []
  let inFence = false
  const close = (): void => {
    if (tag !== '' || lines.some((line) => line.trim() !== '')) put(tag, inlineTags(lines.join('\n')), parts)
  }
  for (const line of comment.split(/\r?\n/)) {
    if (FENCE.test(line)) inFence = !inFence
    const found = inFence ? null : TAG.exec(line)
    if (found === null) {
      lines.push(line)
      continue
    }
    close()
    tag = (found[1] ?? found[2] ?? '').toLowerCase()
    lines = [found[3] ?? '']
  }
  close()
  return parts
}

function put(tag: string, text: string, parts: CommentParts): void {
  switch (tag) {
    case '':
    case 'brief':
    case 'summary':
    case 'description':
    case 'desc':
    case 'details':
    case 'remarks':
      parts.prose.push(text)
      return
    case 'param':
    case 'arg':
    case 'argument':
    case 'tparam': {
      const [, name = '', rest = ''] =
        /^(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*)?\[?<?([\w$.]+)>?[^\s\]]*\]?\s*(?:[-–:]\s+)?([\s\S]*)$/.exec(text.trim()) ?? []
      // `options.depth` is told under its own name; what it belongs to is told by the dot.
      if (name !== '') parts.parameters.push({ name, text: rest })
      return
    }
    case 'return':
    case 'returns':
      parts.returns.push(withoutType(text))
      return
    case 'retval':
      parts.returns.push(text)
      return
    case 'throw':
    case 'throws':
    case 'exception':
      parts.errors.push(text.replace(/^\s*\{([^}]*)\}/, '`$1`'))
      return
    case 'example':
      parts.examples.push(
        /```/.test(text) ? text : `\`\`\`\n${text.replace(/^\s*<caption>.*<\/caption>/, '').replace(/^\s*\n/, '')}\n\`\`\``,
      )
      return
    case 'deprecated':
      parts.notes.push(`Deprecated${text.trim() === '' ? '.' : `: ${text.trim()}`}`)
      return
    case 'note':
    case 'warning':
      parts.notes.push(text)
      return
    default:
    // `@class`, `@see`, `@since`, `@author`: said by the header, or by nobody for readers.
  }
}

function withoutType(text: string): string {
  return text.replace(/^\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*/, '')
}

/** `{@link Thing}` and `{@code x}` as code, `{@link Thing|its name}` by its name. */
function inlineTags(text: string): string {
  return text
    .replace(/\{@(?:link|linkplain|linkcode|see)\s+([^}\s|]+)(?:[\s|]+([^}]*))?\}/g, (_all, target: string, shown?: string) =>
      shown === undefined || shown.trim() === '' ? `\`${target.replace(/^#/, '').replace('#', '.')}\`` : shown.trim(),
    )
    .replace(/\{@(?:code|literal)\s+([^}]*)\}/g, '`$1`')
    .replace(/\{@\w+[^}]*\}/g, '')
}
