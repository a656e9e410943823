import type Parser from 'tree-sitter'
import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { oneLine } from '../written-text.js'
import { fieldOf, isNamed, typeOf } from './node-names.js'
import type { Header } from './walk-items.js'

export interface ReadHeader {
  readonly header: Header
  /** First token of the body and its end; both the item's end where there is no body. */
  readonly body: number
  readonly bodyEnd: number
}

/**
 * Reads the children of an item up to its body. The cursor stands on the item's first child
 * and is left on the body, or on the last child where there is none.
 */
export function readHeader(cursor: Parser.TreeCursor, type: string, text: string, end: number): ReadHeader {
  const header: { -readonly [Key in keyof Header]: Header[Key] } = {
    name: '',
    visibility: null,
    trait: null,
    type: null,
    typeParameters: null,
    parameters: [],
    returnType: null,
  }
  do {
    const start = cursor.startIndex
    const field = fieldOf(cursor)
    if (field === 'body' || field === 'value') return done(start, cursor.endIndex)
    if (type === 'macro_definition' && header.name !== '' && '{(['.includes(text[start] ?? ' ')) return done(start, end)
    const written = (): string => oneLine(text.slice(start, cursor.endIndex))
    if (field === 'name') header.name = written()
    else if (field === 'type_parameters') header.typeParameters = written()
    else if (field === 'return_type') header.returnType = written()
    else if (field === 'trait') header.trait = isNegated(text, start) ? `!${written()}` : written()
    else if (field === 'type') header.type = written()
    else if (field === 'parameters') header.parameters = readParameters(cursor, text)
    else if (typeOf(cursor) === 'visibility_modifier') header.visibility = written()
  } while (cursor.gotoNextSibling())
  return done(end, end)

  function done(body: number, bodyEnd: number): ReadHeader {
    if (type === 'impl_item') header.name = header.type ?? ''
    return { header, body, bodyEnd }
  }
}

function isNegated(text: string, start: number): boolean {
  return /!\s*$/.test(text.slice(Math.max(0, start - 8), start))
}

function readParameters(cursor: Parser.TreeCursor, text: string): Parameter[] {
  const parameters: Parameter[] = []
  if (!cursor.gotoFirstChild()) return parameters
  do {
    const type = typeOf(cursor)
    const written = oneLine(text.slice(cursor.startIndex, cursor.endIndex))
    if (type === 'parameter') parameters.push(readParameter(cursor, text))
    else if (type === 'self_parameter') parameters.push({ name: 'self', param_type: written })
    else if (type === 'variadic_parameter') parameters.push({ name: '...', param_type: '...' })
    else if (isNamed(cursor) && !NOT_PARAMETERS.has(type)) parameters.push({ name: '_', param_type: written })
  } while (cursor.gotoNextSibling())
  cursor.gotoParent()
  return parameters
}

const NOT_PARAMETERS = new Set(['line_comment', 'block_comment', 'attribute_item', 'ERROR'])

function readParameter(cursor: Parser.TreeCursor, text: string): Parameter {
  let name = ''
  let type = ''
  if (!cursor.gotoFirstChild()) return { name, param_type: type }
  do {
    const field = fieldOf(cursor)
    const written = (): string => oneLine(text.slice(cursor.startIndex, cursor.endIndex))
    if (field === 'pattern') name = written()
    else if (field === 'type') type = written()
  } while (cursor.gotoNextSibling())
  cursor.gotoParent()
  return { name, param_type: type }
}
