import { anyOf, lastGroup, list, splitTop, typeReader, UNKNOWN_SYNTAX, type TypeSyntax } from '../type-syntax.js'

/** Wrappers that say something about a variable and nothing about its type. */
const TRANSPARENT = new Set(['Annotated', 'Final', 'ClassVar', 'Required', 'NotRequired', 'ReadOnly', 'Unpack'])

/** Annotations of Python, strings of them too. */
export const readPythonType = typeReader((text, read) => {
  const quoted = /^[rR]?(["'])(.*)\1$/s.exec(text)?.[2]
  if (quoted !== undefined) return read(quoted)
  const either = splitTop(text, '|')
  if (either.length > 1) return anyOf(either.map((each) => each.trim()).flatMap((each) => (each === 'None' ? [] : [read(each)])))
  const call = /^(\w+(?:\.\w+)*)\(\)$/.exec(text)?.[1]
  if (call !== undefined) return { kind: 'result', path: call.split('.'), isFirst: false }
  const group = lastGroup(text)
  if (group === null) return named(text, [])
  if (!text.endsWith(']')) return text.endsWith(')') && group.before === '' ? read(group.inside) : UNKNOWN_SYNTAX
  const name = group.before.slice(group.before.lastIndexOf('.') + 1).trim()
  const inner = splitTop(group.inside, ',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (name === '') return { kind: 'tuple', items: inner.map(read) }
  if (name === 'Optional' || TRANSPARENT.has(name)) return read(inner[0] ?? '')
  if (name === 'Union') return anyOf(inner.flatMap((each) => (each === 'None' ? [] : [read(each)])))
  if (name === 'Literal' || name === 'LiteralString') return UNKNOWN_SYNTAX
  if (name === 'type' || name === 'Type') return { kind: 'self', of: read(inner[0] ?? '') }
  if (name === 'Callable') {
    const parameters = lastGroup(inner[0] ?? '')
    return { kind: 'function', parameters: parameters === null ? [] : list(parameters.inside, read), result: read(inner[1] ?? '') }
  }
  if ((name === 'tuple' || name === 'Tuple') && inner[1] === '...') return { kind: 'named', path: ['list'], args: [read(inner[0] ?? '')] }
  if (name === 'tuple' || name === 'Tuple') return { kind: 'tuple', items: inner.map(read) }
  return named(group.before, inner.map(read))
})

function named(text: string, args: readonly TypeSyntax[]): TypeSyntax {
  return /^\w+(?:\.\w+)*$/.test(text.trim()) ? { kind: 'named', path: text.trim().split('.'), args } : UNKNOWN_SYNTAX
}
