import { literalsOf, literalWords } from './literals.js'
import { subWords } from './words.js'

/**
 * A text as the ranker reads it and no more: first its string literals as plain words between backticks (which JSON leaves as they are), then every
 * other sub-word once, in the order they come, with its count where it is more than one. No source can be made of it again. A text of signs alone is
 * `{}`, so that an empty body is not taken for none.
 */
export function digestText(text: string, options: { readonly maxBytes: number; readonly isRust: boolean }): string {
  const counts = new Map<string, number>()
  for (const word of subWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const literals = new Set<string>()
  if (/["'`]/.test(text))
    for (const literal of literalsOf(text, options.isRust)) {
      const words = literalWords(literal)
      if (words.length < 2) continue
      const said = `\`${words.join(' ')}\``
      if (literals.has(said)) continue
      literals.add(said)
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) - 1)
    }
  const parts = [...literals]
  for (const [word, count] of counts) if (count > 0) parts.push(count === 1 ? word : `${word}*${Math.min(count, MAX_COUNT)}`)
  if (parts.length === 0 && text.trim() !== '') return cutParts(['{}'], options.maxBytes)
  return cutParts(parts, options.maxBytes)
}

/** A text that the ranker reads as it would the one that was digested: the same words as often, the same literals. */
export function expandDigest(digest: string): string {
  return digest.replace(/(?<!\S)(\S+)\*(\d{1,3})(?= |$)/g, (_, word: string, count: string) =>
    Array.from({ length: Math.min(Number(count), MAX_COUNT) }, () => word).join(' '),
  )
}

/** The first parts of a digest that fit; literals take half of the room at most. */
export const cutDigest = (digest: string, maxBytes: number): string =>
  Buffer.byteLength(digest) <= maxBytes ? digest : cutParts(digest.match(/`[^`]*`|\S+/g) ?? [], maxBytes)

/** A word said more often says no more. */
const MAX_COUNT = 200

function cutParts(parts: readonly string[], maxBytes: number): string {
  let room = maxBytes
  let literalRoom = maxBytes / 2
  const kept: string[] = []
  for (const part of parts) {
    const bytes = Buffer.byteLength(part) + (kept.length === 0 ? 0 : 1)
    const isLiteral = part.startsWith('`')
    if (bytes > room || (isLiteral && bytes > literalRoom)) continue
    room -= bytes
    if (isLiteral) literalRoom -= bytes
    kept.push(part)
  }
  return kept.join(' ')
}
