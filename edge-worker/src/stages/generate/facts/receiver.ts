import type { Parameter, Symbol } from '@doctown/common/contracts/symbol.js'

/** `self`, and of a Python method `cls`: what it is called on, which its caller does not write. */
export function isReceiver({ name }: Parameter, { language, symbol_type: type }: Symbol): boolean {
  return name === 'self' || (name === 'cls' && language === 'Python' && type === 'method')
}
