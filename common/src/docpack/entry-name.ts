import { symbolFileName } from '../runtime/symbol-file-name.js'

/** Where the document of a symbol lies, when it has a file of its own. */
export const documentEntryName = (symbolId: string): string => `docs/${symbolFileName(symbolId)}.json`

/** Why a name may lead a reader out of its folder or deceive a person; `undefined` for a good one. */
export function unsafeName(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'contains control characters'
  if (name.includes('\\')) return 'contains a backslash'
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'is absolute'
  const segments = name.split('/')
  if (segments.includes('..')) return 'contains ".."'
  if (segments.includes('.') || segments.includes('')) return 'has an empty segment'
  return undefined
}
