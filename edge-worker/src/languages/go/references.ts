import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { SymbolSpan } from '../language.js'
import type { Place } from '../reading.js'
import { Reading, Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { importedPackages } from './imports.js'
import { readExpression } from './value-expressions.js'
import type { GoReading } from './value-place.js'
import { bindParameters, partOf, readStatement } from './value-statements.js'
import { readTypeSpec } from './value-type-specs.js'
import { readTypes } from './value-types.js'

/**
 * What one Go file says about the names that it uses: imports, calls with the origin of their receivers, types, embedded types,
 * and the types of fields and variables. Linear in the text; reads broken code as far as the grammar recovers.
 */
export function collectReferences(
  tree: ValueNode,
  text: string,
  spans: readonly SymbolSpan[],
  symbols: readonly Symbol[],
  isLate: () => boolean,
): Pick<ParsedFile, 'references' | 'type_facts'> {
  const reading = new Reading(text, spans)
  const top: Place = { owner: null, scope: new Scope(), inMacro: false }
  const packages = importedPackages(reading, tree, top)
  const types = new Map(symbols.flatMap(({ id, name, symbol_type }) => (TYPES.has(symbol_type) ? [[name, id] as const] : [])))
  const go: GoReading = { reading, packages, types, isLate }
  readTop(go, tree, top)
  return { references: reading.references, type_facts: reading.facts }
}

const TYPES = new Set(['struct', 'interface', 'type_alias'])

function readTop(go: GoReading, tree: ValueNode, top: Place): void {
  for (const node of tree.children) {
    switch (node.type) {
      case 'function_declaration':
      case 'method_declaration':
        readFunction(go, node, top)
        break
      case 'var_declaration':
      case 'const_declaration':
        for (const spec of (childOfType(node, 'var_spec_list') ?? node).children) readVariables(go, spec, top)
        break
      case 'type_declaration':
        for (const spec of node.children) readTypeSpec(go, spec, top)
        break
      case 'import_declaration':
      case 'package_clause':
        break
      case 'ERROR':
        readTop(go, node, top)
        break
      default:
        readExpression(go, node, top)
    }
  }
}

function readFunction(go: GoReading, node: ValueNode, top: Place): void {
  const { reading } = go
  const name = field(node, 'name')
  const owner = reading.ownerAt((name ?? node).start)
  const place: Place = { owner, scope: new Scope(), inMacro: false }
  bindParameters(go, field(node, 'receiver'), place)
  readGenerics(go, node, place, owner)
  bindParameters(go, field(node, 'parameters'), place)
  const result = field(node, 'result')
  if (result?.type === 'parameter_list') bindParameters(go, result, place)
  else readTypes(go, result, place)
  readStatement(go, field(node, 'body'), owner === null ? top : place)
}

function readGenerics(go: GoReading, node: ValueNode, place: Place, owner: SymbolId | null): void {
  for (const parameter of field(node, 'type_parameters')?.children ?? []) {
    const type = field(parameter, 'type')
    readTypes(go, type, place)
    for (const child of parameter.children) {
      if (child.field !== 'name') continue
      go.reading.fact(owner, 'generic', {
        name: go.reading.slice(child),
        trait: type === undefined ? null : oneLine(go.reading.slice(type)),
      })
    }
  }
}

/** Variables and constants of the package, with their types where the text tells them. */
function readVariables(go: GoReading, spec: ValueNode, top: Place): void {
  const { reading } = go
  const names = spec.children.filter(
    (child) => child.field === 'name' && (child.type === 'identifier' || child.type === 'blank_identifier'),
  )
  const type = field(spec, 'type')
  const values = field(spec, 'value')?.children ?? []
  const place: Place = { ...top, owner: names[0] === undefined ? null : reading.ownerAt(names[0].start) }
  readTypes(go, type, place)
  const origins = values.map((value) => readExpression(go, value, place))
  names.forEach((name, index) => {
    const written = type === undefined ? typeTextOf(go, partOf(values, origins, names.length, index)) : oneLine(reading.slice(type))
    const id = reading.ownerAt(name.start)
    if (written !== null && reading.slice(name) !== '_') reading.fact(id, 'value', { type: written })
    // `var _ Shelf = (*Item)(nil)`: the compiler is asked to see that Item is a Shelf.
    if (type !== undefined && reading.slice(name) === '_') noteSatisfied(go, type, origins[index])
  })
}

function noteSatisfied(go: GoReading, type: ValueNode, value: ValueOrigin | undefined): void {
  const text = value?.base.kind === 'type' && value.steps.length === 0 ? value.base.text.replace(/^[*&\s]+/, '') : ''
  const own = go.types.get(text)
  const path = go.reading.slice(type).split('.')
  if (own !== undefined && path.every((name) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))) {
    go.reading.add('implements', type, { owner: own, inMacro: false }, path)
  }
}

/** A value's type as it would be written; of a call of a name the name with brackets. */
function typeTextOf(go: GoReading, { base, steps }: ValueOrigin): string | null {
  if (base.kind === 'type' && steps.length === 0) return base.text
  const reference = base.kind === 'result' ? go.reading.references[base.reference] : undefined
  if (reference?.kind !== 'call') return null
  const [step] = steps
  if (steps.length === 0 || (steps.length === 1 && step !== undefined && 'field' in step && step.field === '0'))
    return `${reference.path.join('.')}()`
  return null
}
