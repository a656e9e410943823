import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { closureOrigin, isUnknown, typeOrigin, UNKNOWN } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { FlowScope, UNBOUND } from './flow-scope.js'
import { localNames } from './local-names.js'
import { readParameters } from './parameters.js'
import { readExpression } from './value-expressions.js'
import { dottedPath, type ClassHolder, type PythonPlace, type PythonReading } from './value-place.js'
import type { StatementHooks } from './value-statements.js'
import { readStatement } from './value-statements.js'
import { typeTextOf } from './value-targets.js'
import { readTypeNames } from './value-types.js'

/** A function: decorators, defaults and annotations now, its body when what is around it has been read. */
export function readFunction(python: PythonReading, node: ValueNode, whole: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const { reading } = python
  const name = field(node, 'name')
  const own = reading.ownerAt((name ?? node).start)
  const isSymbol = own !== place.owner
  const header: PythonPlace = { ...place, owner: own }
  const decorators = whole.children.filter((child) => child.type === 'decorator')
  for (const decorator of decorators) for (const child of decorator.children) readExpression(python, child, header)
  if (isSymbol) readGenerics(python, node, header, own)
  const parameters = readParameters(field(node, 'parameters'), reading.text)
  const scope = new FlowScope(visibleFrom(place))
  for (const { value, type } of parameters) {
    if (value !== undefined) readExpression(python, value, header)
    readTypeNames(python, type, header)
  }
  const returned = field(node, 'return_type')
  readTypeNames(python, returned, header)
  const body = field(node, 'body')
  // What is defined inside a function is called by its name, and is no symbol.
  if (!isSymbol && name !== undefined) {
    const written = returned === undefined ? UNKNOWN : typeOrigin(oneLine(reading.slice(returned)))
    place.scope.bind(reading.slice(name), closureOrigin(written))
  }
  const isMethod = isSymbol && place.holder !== null && place.owner === place.holder.id
  for (const local of localNames(body, reading.text)) scope.bind(local, UNBOUND)
  parameters.forEach(({ name: parameter, type, stars }, index) => {
    const first =
      index === 0 && isMethod
        ? firstParameter(
            decorators.map((each) => reading.slice(each)),
            name === undefined ? '' : reading.slice(name),
          )
        : null
    scope.bind(parameter, first ?? parameterOrigin(python, type, stars))
  })
  const inner: (() => void)[] = []
  const within: PythonPlace = { owner: own, scope, inMacro: false, holder: place.holder, later: inner }
  place.later.push(() => {
    const given: ValueOrigin[] = []
    if (body !== undefined)
      readStatement(python, body, within, { ...hooks, onVariable: () => {}, onAlias: () => {}, onReturn: (value) => given.push(value) })
    for (let at = 0; at < inner.length; at++) inner[at]?.()
    if (isSymbol && returned === undefined && isPlain(decorators.map((each) => reading.slice(each)))) noteResult(python, own, given, node)
  })
}

/** Methods do not see the names of their class's body. */
function visibleFrom(place: PythonPlace): FlowScope {
  return place.holder !== null && place.owner === place.holder.id ? place.holder.around : place.scope
}

function parameterOrigin(python: PythonReading, type: ValueNode | undefined, stars: string): ValueOrigin {
  if (type === undefined) return stars === '**' ? typeOrigin('dict') : UNKNOWN
  const written = oneLine(python.reading.slice(type))
  return typeOrigin(stars === '*' ? `tuple[${written}, ...]` : stars === '**' ? `dict[str, ${written}]` : written)
}

/** `self`, or `cls` of a class method, whatever it is called. */
function firstParameter(decorators: readonly string[], name: string): ValueOrigin | null {
  if (decorators.some((each) => /^@\s*(?:\w+\.)*(?:staticmethod|abstractstaticmethod)\b/.test(each))) return null
  const isOfClass = decorators.some((each) =>
    /^@\s*(?:\w+\.)*(?:classmethod|abstractclassmethod|validator|field_validator|root_validator)\b/.test(each),
  )
  return typeOrigin(isOfClass || CLASS_METHODS.has(name) ? 'cls' : 'self')
}

const CLASS_METHODS = new Set(['__new__', '__init_subclass__', '__class_getitem__'])

/** Decorators that leave alone what a function gives back. */
function isPlain(decorators: readonly string[]): boolean {
  return decorators.every((each) =>
    /^@\s*(?:\w+\.)*(?:staticmethod|classmethod|property|cached_property|override|abstractmethod|wraps|lru_cache|cache)\b/.test(each),
  )
}

/** What a function without an annotation gives back, where all its returns say the same type. */
function noteResult(python: PythonReading, id: SymbolId | null, given: readonly ValueOrigin[], node: ValueNode): void {
  // A generator gives back something else.
  if (given.length === 0 || /^async\b|\byield\b/.test(python.reading.slice(node))) return
  const texts = new Set(given.map((value) => resultText(python, value)))
  texts.delete('None')
  const [only] = texts
  if (texts.size === 1 && only !== null && only !== undefined) python.reading.fact(id, 'value', { type: only })
}

function resultText(python: PythonReading, value: ValueOrigin): string | null {
  if (value.base.kind === 'type' && value.steps.length === 0 && value.base.text === 'self') return 'Self'
  return isUnknown(value) ? null : typeTextOf(python, value)
}

/** A class: bases, then its body, whose names its methods do not see. */
export function readClass(python: PythonReading, node: ValueNode, whole: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const { reading } = python
  const name = field(node, 'name')
  const own = reading.ownerAt((name ?? node).start)
  const isSymbol = own !== place.owner && own !== null && name !== undefined
  const header: PythonPlace = { ...place, owner: own }
  for (const child of whole.children)
    if (child.type === 'decorator') for (const each of child.children) readExpression(python, each, header)
  if (!isSymbol) {
    if (name !== undefined) place.scope.bind(reading.slice(name), UNKNOWN)
    readInner(python, node, place, hooks)
    return
  }
  const bases = field(node, 'superclasses')?.children ?? []
  readGenerics(python, node, header, own)
  for (const base of bases) readBase(python, base, header, own)
  const outer = place.holder !== null && place.owner === place.holder.id ? place.holder.path : []
  const holder: ClassHolder = {
    id: own,
    path: [...outer, reading.slice(name)],
    around: visibleFrom(place),
    attributes: new Map(),
    declared: new Set(),
    isEnum: bases.some((base) => /^(?:\w+\.)*(?:\w*Enum|\w*Flag)$/.test(reading.slice(base))),
  }
  const within: PythonPlace = { owner: own, scope: new FlowScope(holder.around), inMacro: false, holder, later: place.later }
  const body = field(node, 'body')
  if (body !== undefined) readStatement(python, body, within, hooks)
  place.later.push(() => {
    for (const [attribute, type] of holder.attributes) if (type !== null) reading.fact(own, 'field', { name: attribute, type })
  })
}

/** A class inside a function is the function's own affair: what it calls is still called. */
function readInner(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  for (const base of field(node, 'superclasses')?.children ?? []) readExpression(python, base, place)
  const body = field(node, 'body')
  const within: PythonPlace = { ...place, scope: new FlowScope(place.scope), holder: null }
  if (body !== undefined) readStatement(python, body, within, { ...hooks, onVariable: () => {}, onAlias: () => {}, onReturn: () => {} })
}

function readBase(python: PythonReading, base: ValueNode, place: PythonPlace, own: SymbolId): void {
  const { reading } = python
  if (base.type === 'keyword_argument') {
    readExpression(python, base, place)
    return
  }
  const named = base.type === 'subscript' ? field(base, 'value') : base
  const path = dottedPath(named, reading.text)
  if (path === null || named === undefined) {
    readExpression(python, base, place)
    return
  }
  reading.add('implements', named, place, path)
  const written = oneLine(reading.slice(base))
  reading.fact(own, 'supertrait', { trait: written })
  if (base.type !== 'subscript') return
  const isDeclaring = /(?:^|\.)(?:Generic|Protocol)$/.test(reading.slice(named))
  for (const child of base.children) {
    if (child.field !== 'subscript') continue
    if (isDeclaring && child.type === 'identifier') reading.fact(own, 'generic', { name: reading.slice(child) })
    readTypeNames(python, child, place)
  }
}

/** `[T: Bound, *Ts]` of Python 3.12. */
function readGenerics(python: PythonReading, node: ValueNode, place: PythonPlace, own: SymbolId | null): void {
  const list = node.children.find((child) => child.type === 'type_parameter')
  for (const parameter of list?.children ?? []) {
    const match = /^\*{0,2}\s*([\p{L}_][\p{L}\p{N}_]*)\s*(?::\s*([^]*?))?(?:\s*=[^]*)?$/u.exec(oneLine(python.reading.slice(parameter)))
    if (match?.[1] === undefined) continue
    python.reading.fact(own, 'generic', { name: match[1], trait: match[2] ?? null })
    const bound = parameter.children.find((child) => child.type === 'constrained_type')?.children[1]
    readTypeNames(python, bound, place)
  }
}
