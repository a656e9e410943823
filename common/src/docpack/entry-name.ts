import { sha256Hex } from '../runtime/bytes.js'

/** A longer name is cut, because file systems take 255 bytes and `.json` and folders want some. */
const MAX_NAME_BYTES = 180
const CUT_TO_BYTES = 140

/**
 * A symbol's id as a file name: every byte outside `[A-Za-z0-9._-]` as `%XX`; longer than 180 bytes, its first 140, `-` and
 * 16 hex digits of the id's sha256 (docpack.md, Symbol).
 */
export function encodeEntryName(id: string): string {
  let name = ''
  for (const byte of Buffer.from(id, 'utf8')) {
    const character = String.fromCharCode(byte)
    name += /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return name.length <= MAX_NAME_BYTES ? name : `${name.slice(0, CUT_TO_BYTES)}-${sha256Hex(id).slice(0, 16)}`
}

/** Where the document of a symbol lies, when it has a file of its own. */
export const documentEntryName = (symbolId: string): string => `docs/${encodeEntryName(symbolId)}.json`

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
