import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { oneLine } from '../written-text.js'
import type { SyntaxTable } from '../syntax-table.js'
import { F, K } from './kinds.js'
import type { Header } from './walk-items.js'

export interface ReadHeader {
  readonly header: Header
  /** First token of the body; the item's end where there is none. */
  readonly body: number
  /** 0 where there is none or where it is tokens of a macro. */
  readonly bodyNode: number
}

/** Reads the children of an item up to its body. */
export function readHeader(table: SyntaxTable, item: number, text: string): ReadHeader {
  const header: { -readonly [Key in keyof Header]: Header[Key] } = {
    name: '',
    visibility: null,
    trait: null,
    type: null,
    typeParameters: null,
    parameters: [],
    returnType: null,
  }
  const kind = table.kinds[item] as number
  const end = table.ends[item] as number
  for (let child = table.firsts[item] as number; child !== 0; child = table.nexts[child] as number) {
    const field = table.fields[child] as number
    if (field === F.body || field === F.value) return done(table.starts[child] as number, child)
    if (field === 0) {
      if (table.kinds[child] === K.visibility_modifier) header.visibility = written(table, child, text)
    } else if (field === F.name) {
      header.name = written(table, child, text)
      if (kind === K.macro_definition) return done(firstBracket(text, table.ends[child] as number, end), 0)
    } else if (field === F.parameters) header.parameters = readParameters(table, child, text)
    else if (field === F.return_type) header.returnType = written(table, child, text)
    else if (field === F.type_parameters) header.typeParameters = written(table, child, text)
    else if (field === F.type) header.type = written(table, child, text)
    else if (field === F.trait) {
      header.trait = `${isNegated(text, table.starts[child] as number) ? '!' : ''}${written(table, child, text)}`
    }
  }
  return done(end, 0)

  function done(body: number, bodyNode: number): ReadHeader {
    if (kind === K.impl_item) header.name = header.type ?? ''
    return { header, body, bodyNode }
  }
}

function written(table: SyntaxTable, node: number, text: string): string {
  return oneLine(text.slice(table.starts[node], table.ends[node]))
}

function isNegated(text: string, start: number): boolean {
  return /!\s*$/.test(text.slice(Math.max(0, start - 8), start))
}

/** Where the rules of a macro begin, comments before them passed over. */
function firstBracket(text: string, from: number, end: number): number {
  const rest = /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*(?=[{([])/.exec(text.slice(from, end))
  return rest === null ? end : from + rest[0].length
}

function readParameters(table: SyntaxTable, list: number, text: string): Parameter[] {
  const parameters: Parameter[] = []
  for (let child = table.firsts[list] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child] as number
    if (kind === K.parameter) parameters.push(readParameter(table, child, text))
    else if (kind === K.self_parameter) parameters.push({ name: 'self', param_type: written(table, child, text) })
    else if (kind === K.variadic_parameter) parameters.push({ name: '...', param_type: '...' })
    else if (kind !== K.attribute_item && kind !== K.ERROR && kind !== K._) {
      parameters.push({ name: '_', param_type: written(table, child, text) })
    }
  }
  return parameters
}

function readParameter(table: SyntaxTable, parameter: number, text: string): Parameter {
  const name = table.field(parameter, F.pattern)
  const type = table.field(parameter, F.type)
  return { name: name === 0 ? '' : written(table, name, text), param_type: type === 0 ? '' : written(table, type, text) }
}
