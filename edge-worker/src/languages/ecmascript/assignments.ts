import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { typeOrigin } from '../value-origin.js'
import { targetOf } from './assigned-items.js'
import { readExpression } from './expressions.js'
import { readRequiredExport } from './imports.js'
import { nameOrigin, type ScriptPlace, type ScriptReading } from './script-reading.js'
import { FUNCTION_VALUES, partsOf, unwrapped } from './tree.js'
import { isRequire } from './variables.js'

/** CommonJS exports and what is put on prototypes, at the top of a file. */
export function readAssignmentStatement(reading: ScriptReading, assignment: ValueNode, place: ScriptPlace): void {
  const { text } = reading
  const names: string[] = []
  let self = place.self
  let value = assignment
  while (value.type === 'assignment_expression') {
    const left = field(value, 'left')
    const right = field(value, 'right')
    if (left === undefined || right === undefined) return void readExpression(reading, value, place)
    const target = targetOf(text, left)
    if (target.kind === 'export') names.push(target.name)
    // `this` of a method on a prototype is what its constructor makes; on an object it is the object.
    else if (target.kind === 'member') self = target.isPrototype ? typeOrigin(target.owner) : nameOrigin([target.owner])
    else if (target.kind === 'prototype') self = typeOrigin(target.owner)
    value = unwrapped(right)
  }
  if (names.length > 0) {
    readRequiredExport(reading, value, { names, place })
    // A name alone is told by the list of exports.
    if (isRequire(text, value) || value.type === 'identifier') return
  }
  if (value.type === 'object' && names.includes('default')) {
    for (const part of partsOf(value)) {
      const inner = part.type === 'pair' ? field(part, 'value') : part
      if (inner !== undefined && inner.type !== 'identifier' && part.type !== 'shorthand_property_identifier')
        readExpression(reading, part, place)
    }
    return
  }
  const within: ScriptPlace = { ...place, self }
  if (FUNCTION_VALUES.has(value.type)) readMethodValue(reading, value, within)
  else if (value.type === 'object') for (const part of partsOf(value)) readProperty(reading, part, within)
  else readExpression(reading, value, within)
}

/** Unlike other functions, one that becomes a method has the `this` of what it is put on. */
function readMethodValue(reading: ScriptReading, value: ValueNode, place: ScriptPlace): void {
  readExpression(reading, value.type === 'arrow_function' ? value : { ...value, type: 'method_definition' }, place)
}

function readProperty(reading: ScriptReading, part: ValueNode, place: ScriptPlace): void {
  const value = part.type === 'pair' ? field(part, 'value') : undefined
  if (value !== undefined && FUNCTION_VALUES.has(value.type)) readMethodValue(reading, value, place)
  else readExpression(reading, part, place)
}
