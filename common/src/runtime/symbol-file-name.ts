import { sha256Hex } from './bytes.js'

const LONGEST = 180
const KEPT = 140

/**
 * A symbol's id as a file name and URL segment (docpack.md, Identity): every byte outside `[A-Za-z0-9._-]` as `%XX`;
 * a name longer than 180 bytes is its first 140, `-`, and 16 hex digits of the id's sha256.
 */
export function symbolFileName(id: string): string {
  let name = ''
  for (const byte of Buffer.from(id)) {
    const character = String.fromCharCode(byte)
    name += /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return name.length <= LONGEST ? name : `${name.slice(0, KEPT)}-${sha256Hex(id).slice(0, 16)}`
}
