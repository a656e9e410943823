import type { LimitedText } from '../written-text.js'
import { limitedSignature, oneLine } from '../written-text.js'
import type { Item } from './walk-items.js'

/** The header on one line: from the visibility to the end of the where clause, without body, value or semicolon. */
export function signatureOf(item: Item, text: string): LimitedText {
  const whole = item.body === item.end || isTupleStruct(item, text)
  const written = text.slice(item.head, whole ? item.end : item.body)
  return limitedSignature(
    oneLine(withoutComments(written))
      .replace(/\s*[;=,]$/, '')
      .replace(/([([]) /g, '$1')
      .replace(/,? ([)\]])/g, '$1'),
  )
}

/** `struct Meters(f64) where ..;` is read whole: its fields are its header. */
function isTupleStruct(item: Item, text: string): boolean {
  return item.type === 'struct_item' && text[item.body] === '('
}

/** Comments stand in a header now and then; a string there (`extern "C"`) never holds their marks. */
function withoutComments(text: string): string {
  return text.includes('/') ? text.replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, ' ') : text
}
