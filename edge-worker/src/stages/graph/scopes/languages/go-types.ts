import { arrayOf, lastGroup, list, splitTop, typeReader, UNKNOWN_SYNTAX, type TypeSyntax } from '../type-syntax.js'

/** Types of Go. A pointer has the members of what it points at. */
export const readGoType = typeReader((written, read) => {
  const text = written.replace(/^(?:\.\.\.|[*&~]|<-)\s*/, '')
  if (text !== written) return text === '' ? UNKNOWN_SYNTAX : written.startsWith('...') ? arrayOf(read(text)) : read(text)
  const array = /^\[[^\]]*\]/.exec(text)?.[0]
  if (array !== undefined) return arrayOf(read(text.slice(array.length)))
  if (text.startsWith('map[')) {
    const close = matching(text, 3)
    return { kind: 'named', path: ['map'], args: [read(text.slice(4, close)), read(text.slice(close + 1))] }
  }
  if (/^chan\b/.test(text)) return { kind: 'named', path: ['chan'], args: [read(text.replace(/^chan\s*(?:<-)?/, ''))] }
  if (/^func\s*\(/.test(text)) {
    const open = text.indexOf('(')
    const close = matching(text, open)
    return { kind: 'function', parameters: goParameters(text.slice(open + 1, close), read), result: read(text.slice(close + 1)) }
  }
  if (text.startsWith('(')) {
    const items = goParameters(text.slice(1, matching(text, 0)), read)
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'tuple', items }
  }
  const call = /^(\w+(?:\.\w+)?)\(\)$/.exec(text)?.[1]
  if (call !== undefined) return { kind: 'result', path: call.split('.'), isFirst: true }
  const group = text.endsWith(']') ? lastGroup(text) : null
  return group === null ? named(text, []) : named(group.before, list(group.inside, read))
})

/** `a, b int` and `int, string`: the type is a parameter's last word, or that of the next one that has two. */
function goParameters(inside: string, read: (text: string) => TypeSyntax): TypeSyntax[] {
  const parts = splitTop(inside, ',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const typed = parts.map((part) => /^[A-Za-z_]\w*\s+(\S[\s\S]*)$/.exec(part)?.[1])
  if (typed.every((type) => type === undefined) || parts.some((part) => /^(?:func|chan|map|struct|interface)\b/.test(part)))
    return parts.map(read)
  return parts.map((_, index) => read(typed.slice(index).find((type) => type !== undefined) ?? ''))
}

function matching(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if ('([{'.includes(text[at] ?? '')) depth++
    else if (')]}'.includes(text[at] ?? '') && --depth === 0) return at
  }
  return text.length
}

function named(text: string, args: readonly TypeSyntax[]): TypeSyntax {
  return /^\w+(?:\.\w+)?$/.test(text) ? { kind: 'named', path: text.split('.'), args } : UNKNOWN_SYNTAX
}
