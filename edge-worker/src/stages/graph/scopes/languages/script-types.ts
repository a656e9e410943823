import { anyOf, arrayOf, lastGroup, list, splitTop, typeReader, UNKNOWN_SYNTAX, type TypeSyntax } from '../type-syntax.js'

/** Stand for no object with members of its own. */
const NOTHING = new Set(['null', 'undefined', 'void', 'never'])

/** Types of TypeScript, and of JavaScript's JSDoc. */
export const readScriptType = typeReader((written, read) => {
  const text = written.replace(/^(?:readonly|unique|asserts|infer|new)\s+/, '').replace(/^:\s*/, '')
  const arrow = splitTop(text, '=>')
  if (arrow.length > 1) return functionType(arrow, read)
  if (text.startsWith('|') || text.startsWith('&')) return read(text.slice(1))
  const either = splitTop(text, '|')
  if (either.length > 1) return anyOf(either.map((each) => each.trim()).flatMap((each) => (NOTHING.has(each) ? [] : [read(each)])))
  const both = splitTop(text, '&')
  if (both.length > 1) return anyOf(both.map(read))
  if (/\s(?:extends|is|in)\s/.test(text)) return UNKNOWN_SYNTAX
  if (/^typeof\s/.test(text)) return { kind: 'self', of: read(text.slice(7)) }
  if (/^["'`\d-]/.test(text)) return { kind: 'named', path: [/^["'`]/.test(text) ? 'string' : 'number'], args: [] }
  const jsdoc = /^[?!](.+)$/s.exec(text)?.[1]
  if (jsdoc !== undefined) return read(jsdoc)
  const group = lastGroup(text)
  if (group === null) return named(text, [])
  const before = group.before.trim()
  if (text.endsWith(']')) {
    if (before === '') return { kind: 'tuple', items: list(group.inside, read) }
    return group.inside.trim() === '' ? arrayOf(read(before)) : UNKNOWN_SYNTAX
  }
  if (text.endsWith(')')) return before === '' ? read(group.inside) : UNKNOWN_SYNTAX
  if (text.endsWith('}')) return before === '' ? record(group.inside, read) : UNKNOWN_SYNTAX
  return named(before.replace(/\.$/, ''), list(group.inside, read))
})

function named(text: string, args: readonly TypeSyntax[]): TypeSyntax {
  return /^[\w$]+(?:\s*\.\s*[\w$]+)*$/.test(text) ? { kind: 'named', path: text.split(/\s*\.\s*/), args } : UNKNOWN_SYNTAX
}

function functionType(parts: readonly string[], read: (text: string) => TypeSyntax): TypeSyntax {
  const head = lastGroup((parts[0] ?? '').trim())
  if (head === null) return UNKNOWN_SYNTAX
  // `this: Type` is told to the compiler and handed over by nobody.
  const inside = head.inside.replace(/^\s*this\s*:/, 'this:')
  const written = splitTop(inside, ',').slice(inside.startsWith('this:') ? 1 : 0)
  const parameters = written.filter((each) => each.trim() !== '').map((each) => read(splitTop(each, ':').slice(1).join(':')))
  const result = parts.slice(1).join('=>').trim()
  return { kind: 'function', parameters, result: /^(?:asserts\s|[\w$]+\s+is\s)/.test(result) ? UNKNOWN_SYNTAX : read(result) }
}

function record(inside: string, read: (text: string) => TypeSyntax): TypeSyntax {
  const fields = new Map<string, TypeSyntax>()
  for (const member of splitTop(inside, ';').flatMap((each) => splitTop(each, ','))) {
    const field = /^\s*(?:readonly\s+)?([\w$]+)\??\s*:([\s\S]+)$/.exec(member)
    if (field?.[1] !== undefined && field[2] !== undefined) fields.set(field[1], read(field[2]))
  }
  return { kind: 'record', fields }
}
