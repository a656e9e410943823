import { oneLine } from './written-text.js'

/** On one line, without the semicolon and the spaces inside brackets that line breaks leave behind. */
export function tidySignature(written: string): string {
  return oneLine(written)
    .replace(/\s*[;=,]$/, '')
    .replace(/([([]) /g, '$1')
    .replace(/ ([)\],])/g, '$1')
}
