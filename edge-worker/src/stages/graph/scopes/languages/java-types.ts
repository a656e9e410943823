import { arrayOf, lastGroup, list, typeReader, UNKNOWN_SYNTAX, type TypeSyntax } from '../type-syntax.js'

/** Types of Java: annotations and `? extends` are passed over. */
export const readJavaType = typeReader((written, read) => {
  const text = written
    .replace(/@[\w.]+(?:\([^()]*\))?\s*/g, '')
    .replace(/^(?:final\s+)+/, '')
    .replace(/^\?\s*(?:extends|super)\s+/, '')
    .trim()
  if (text !== written) return read(text)
  if (text.endsWith('...')) return arrayOf(read(text.slice(0, -3)))
  if (text.endsWith('[]')) return arrayOf(read(text.slice(0, -2)))
  if (text.includes('&')) return read(text.split('&')[0] ?? '')
  const group = text.endsWith('>') ? lastGroup(text) : null
  return group === null ? named(text, []) : named(group.before.trim(), list(group.inside, read))
})

function named(text: string, args: readonly TypeSyntax[]): TypeSyntax {
  // `Outer<A>.Inner`: the outer's arguments do not matter here.
  const plain = text.replace(/<.*>(?=\.)/g, '')
  return /^[\w$]+(?:\s*\.\s*[\w$]+)*$/.test(plain) ? { kind: 'named', path: plain.split(/\s*\.\s*/), args } : UNKNOWN_SYNTAX
}
