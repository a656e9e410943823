import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { nameOf, parametersOf, returnTypeOf, written } from './header.js'
import { readThisFields } from './this-fields.js'
import { FUNCTION_VALUES, hasMark, unwrapped } from './tree.js'
import { headAfter, readInside, type Place, type Walk, type Wrapping } from './walk-items.js'

const METHODS: ReadonlySet<string> = new Set(['method_definition', 'method_signature', 'abstract_method_signature', 'function_signature'])
const FIELDS: ReadonlySet<string> = new Set(['public_field_definition', 'field_definition', 'property_signature'])

/** Members of a class, whose index is `owner`; -1 for a class expression that is no item: its methods are none then either. */
export function readClassBody(walk: Walk, node: ValueNode, place: Place, owner: number): void {
  const inside: Place = { parent: owner === -1 ? place.parent : owner, level: 'body', exportsAll: false }
  for (const part of node.children) if (part.field !== 'body') readInside(walk, part, inside)
  let decorators: ValueNode[] = []
  for (const member of field(node, 'body')?.children ?? []) {
    if (member.type === 'decorator') decorators.push(member)
    else if (member.type !== 'comment') {
      if (owner === -1) readInside(walk, member, inside)
      else readMember(walk, member, owner, decorators)
      decorators = []
    }
  }
  if (owner === -1) return
  const members = field(node, 'body')?.children ?? []
  const names = new Set(members.map((member) => nameOf(walk.text, field(member, 'name') ?? field(member, 'property'))))
  readThisFields(
    walk,
    members.flatMap((member) => field(member, 'body') ?? []),
    owner,
    names,
  )
}

export function readInterfaceBody(walk: Walk, node: ValueNode, owner: number): void {
  for (const member of field(node, 'body')?.children ?? []) readMember(walk, member, owner, [])
}

/** Functions and getters of an object, by the names they are called by. */
export function readObjectMembers(walk: Walk, object: ValueNode, owner: number): void {
  for (const member of object.children) {
    if (member.type === 'method_definition') readMember(walk, member, owner, [])
    else if (member.type === 'pair') readPair(walk, member, owner)
    else readInside(walk, member, { parent: owner, level: 'body', exportsAll: false })
  }
}

function readPair(walk: Walk, pair: ValueNode, owner: number): void {
  const value = field(pair, 'value')
  const inner = value === undefined ? undefined : unwrapped(value)
  if (inner === undefined || !FUNCTION_VALUES.has(inner.type))
    return readInside(walk, pair, { parent: owner, level: 'body', exportsAll: false })
  addCallable(walk, pair, inner, { owner, name: nameOf(walk.text, field(pair, 'key')) })
}

function readMember(walk: Walk, member: ValueNode, owner: number, before: readonly ValueNode[]): void {
  const { text } = walk
  const decorators = [...before, ...member.children.filter((child) => child.type === 'decorator')]
  const start = decorators[0]?.start ?? member.start
  const wrapping: Wrapping = { start, head: headAfter(text, start, decorators), end: member.end, isExported: false, decorators }
  const name = nameOf(text, field(member, 'name') ?? field(member, 'property'))
  if (METHODS.has(member.type)) {
    const index = addCallable(walk, member, member, { owner, name, wrapping })
    if (name === 'constructor') addParameterFields(walk, member, owner)
    return void index
  }
  if (!FIELDS.has(member.type)) return readInside(walk, member, { parent: owner, level: 'body', exportsAll: false })
  const value = field(member, 'value')
  const inner = value === undefined ? undefined : unwrapped(value)
  if (inner !== undefined && FUNCTION_VALUES.has(inner.type)) return void addCallable(walk, member, inner, { owner, name, wrapping })
  const body = value?.start ?? member.end
  const index = walk.add(
    member,
    { type: 'field', name, parent: owner, body, signatureEnd: body, visibility: visibilityOf(text, member, name), isExported: true },
    wrapping,
  )
  readInside(walk, member, { parent: index, level: 'body', exportsAll: false })
}

interface Callable {
  readonly owner: number
  readonly name: string
  readonly wrapping?: Wrapping
}

/** `callable` is the method itself or the function that a field or property holds. */
function addCallable(walk: Walk, member: ValueNode, callable: ValueNode, { owner, name, wrapping }: Callable): number {
  const { text } = walk
  const body = field(callable, 'body')?.start ?? member.end
  const index = walk.add(
    member,
    {
      type: 'method',
      name,
      parent: owner,
      body,
      signatureEnd: body,
      visibility: visibilityOf(text, member, name),
      parameters: parametersOf(text, callable),
      returnType: returnTypeOf(text, callable),
      isExported: true,
    },
    wrapping,
  )
  readInside(walk, callable, { parent: index, level: 'body', exportsAll: false })
  return index
}

/** `constructor(private readonly log: Log)` declares a field. */
function addParameterFields(walk: Walk, constructor: ValueNode, owner: number): void {
  for (const parameter of field(constructor, 'parameters')?.children ?? []) {
    const pattern = field(parameter, 'pattern')
    const isField = hasMark(parameter, 'readonly') || parameter.children.some((child) => MODIFIERS.has(child.type))
    if (pattern?.type !== 'identifier' || !isField) continue
    const name = written(walk.text, pattern)
    const body = field(parameter, 'value')?.start ?? parameter.end
    const visibility = visibilityOf(walk.text, parameter, name)
    walk.add(parameter, { type: 'field', name, parent: owner, body, signatureEnd: body, visibility, isExported: true })
  }
}

const MODIFIERS: ReadonlySet<string> = new Set(['accessibility_modifier', 'override_modifier'])

function visibilityOf(text: string, member: ValueNode, name: string): string {
  if (name.startsWith('#')) return '#private'
  const modifier = member.children.find((child) => child.type === 'accessibility_modifier')
  return modifier === undefined ? 'inherited' : written(text, modifier)
}
