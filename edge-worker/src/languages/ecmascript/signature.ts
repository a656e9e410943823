import { oneLine } from '../written-text.js'
import type { Item } from './item.js'

/** The header on one line, without docs, decorators, body and initial value. */
export function signatureOf(item: Item, text: string): string {
  const written = oneLine(withoutComments(text.slice(item.head, item.signatureEnd)))
    .replace(/\s*(?:=>|[=:;,{])+$/, '')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
  return `${item.prefix}${written}`
}

/** Comments that stand in a header; their marks inside of strings are none. */
function withoutComments(text: string): string {
  if (!text.includes('/')) return text
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_all, string?: string) => string ?? ' ',
  )
}
