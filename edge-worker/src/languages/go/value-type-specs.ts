import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Place } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import type { GoReading } from './value-place.js'
import { readTypes } from './value-types.js'

/** A type of the package: what it embeds, the types of its fields, what it stands for. */
export function readTypeSpec(go: GoReading, spec: ValueNode, top: Place): void {
  const { reading } = go
  const name = field(spec, 'name')
  const type = field(spec, 'type')
  if (name === undefined || type === undefined) return
  const owner = reading.ownerAt(name.start)
  const place: Place = { ...top, owner }
  for (const parameter of field(spec, 'type_parameters')?.children ?? []) {
    const bound = field(parameter, 'type')
    readTypes(go, bound, place)
    for (const child of parameter.children) {
      if (child.field !== 'name') continue
      reading.fact(owner, 'generic', { name: reading.slice(child), trait: bound === undefined ? null : oneLine(reading.slice(bound)) })
    }
  }
  if (type.type === 'struct_type') readFields(go, type, place, owner)
  else if (type.type === 'interface_type') readInterface(go, type, place, owner)
  else {
    readTypes(go, type, place)
    reading.fact(owner, 'alias', { type: oneLine(reading.slice(type)) })
  }
}

function readFields(go: GoReading, type: ValueNode, place: Place, owner: SymbolId | null): void {
  const { reading } = go
  for (const declared of childOfType(type, 'field_declaration_list')?.children ?? []) {
    const written = declared.type === 'field_declaration' ? field(declared, 'type') : undefined
    if (written === undefined) continue
    const names = declared.children.filter((child) => child.field === 'name')
    if (names.length === 0) embed(go, written, place, owner)
    else readTypes(go, written, place)
    const text = oneLine(reading.slice(written))
    const embedded = /([\p{L}_][\p{L}\p{N}_]*)(?:\[[^]*)?$/u.exec(text)?.[1] ?? ''
    for (const name of names.length === 0 ? [embedded] : names.map((each) => reading.slice(each))) {
      if (name !== '' && name !== '_') reading.fact(owner, 'field', { name, type: text })
    }
  }
}

function readInterface(go: GoReading, type: ValueNode, place: Place, owner: SymbolId | null): void {
  for (const element of type.children) {
    if (element.type === 'type_elem') {
      const [only, ...others] = element.children
      // A union is a constraint, a single name an interface that it takes over.
      if (only !== undefined && others.length === 0) embed(go, only, place, owner)
      else readTypes(go, element, place)
    } else if (element.type === 'method_elem') {
      const name = field(element, 'name')
      const own: Place = { ...place, owner: name === undefined ? place.owner : go.reading.ownerAt(name.start) }
      for (const child of element.children) readTypes(go, child, own)
    }
  }
}

/** What a type embeds lends it its methods and fields. */
function embed(go: GoReading, type: ValueNode, place: Place, owner: SymbolId | null): void {
  const { reading } = go
  const named = type.type === 'pointer_type' ? type.children[0] : type
  const base = named?.type === 'generic_type' ? field(named, 'type') : named
  if (named === undefined || (base?.type !== 'type_identifier' && base?.type !== 'qualified_type')) {
    readTypes(go, type, place)
    return
  }
  const path = reading.slice(base).replace(/\s+/g, '').split('.')
  reading.add('implements', base, place, path)
  reading.fact(owner, 'supertrait', { trait: oneLine(reading.slice(named)) })
  if (named !== base) readTypes(go, field(named, 'type_arguments'), place)
}
