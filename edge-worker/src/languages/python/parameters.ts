import type { Parameter } from '@doctown/common/contracts/symbol.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'

/** A parameter as the tree shows it. */
export interface ReadParameter {
  /** Without stars. */
  readonly name: string
  readonly stars: '' | '*' | '**'
  readonly type: ValueNode | undefined
  readonly value: ValueNode | undefined
}

/** The parameters of a function or a lambda; the marks `/` and `*` are none. */
export function readParameters(list: ValueNode | undefined, text: string): ReadParameter[] {
  return (list?.children ?? []).flatMap((node): ReadParameter[] => {
    const type = field(node, 'type')
    const value = field(node, 'value')
    const target = TYPED.has(node.type) ? (field(node, 'name') ?? node.children[0]) : node
    if (target === undefined || !TARGETS.has(target.type)) return []
    const written = text.slice(target.start, target.end)
    const stars = written.startsWith('**') ? '**' : written.startsWith('*') ? '*' : ''
    return [{ name: oneLine(written.slice(stars.length)), stars, type, value }]
  })
}

/** As the contract has them: stars belong to the name, a type that is not written is empty. */
export function parametersOf(list: ValueNode | undefined, text: string): Parameter[] {
  return readParameters(list, text).map(({ name, stars, type }) => ({
    name: `${stars}${name}`,
    param_type: type === undefined ? '' : oneLine(text.slice(type.start, type.end)),
  }))
}

const TYPED = new Set(['typed_parameter', 'typed_default_parameter', 'default_parameter'])
const TARGETS = new Set(['identifier', 'list_splat_pattern', 'dictionary_splat_pattern', 'tuple_pattern'])
