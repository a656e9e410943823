import type { Crate, Definition, FnDef, Impl, Module, Scope, TraitDef, TypeDef } from './model.js'
import { STD_TEXT } from './std-text.js'
import type { Param } from './type-model.js'
import type { TypeSyntax } from './type-text.js'
import { parseBounds, parseType } from './type-text.js'

/** The stand-ins for the standard library, and the impls and bounds that still have to be read as types once names resolve. */
export interface StdModel {
  readonly module: Module
  /** By last segment, or by the last two (`io::Error`). */
  readonly names: ReadonlyMap<string, Definition>
  readonly impls: readonly PendingImpl[]
  readonly bounds: readonly PendingBounds[]
}

export interface PendingImpl {
  readonly scope: Scope
  readonly params: readonly Param[]
  readonly self: TypeSyntax
  readonly trait: TypeSyntax | null
  readonly impl: Pick<Impl, 'id' | 'methods' | 'assoc' | 'isTest'>
}

export interface PendingBounds {
  readonly scope: Scope
  readonly param: Param
  readonly bounds: readonly TypeSyntax[]
}

/** Builds them anew for each run, because impls of the repository are added to them. */
export function stdModel(): StdModel {
  return new StdReader().read(STD_TEXT)
}

export function newModule(crate: Crate, parent: Module | null, name: string): Module {
  const names = { type: new Map<string, Definition[]>(), value: new Map<string, Definition[]>(), macro: new Map<string, Definition[]>() }
  return {
    crate,
    parent,
    name,
    node: null,
    children: new Map(),
    names,
    imports: new Map(),
    globs: [],
    nameless: [],
    isTest: false,
    isConditional: false,
  }
}

export function newParam(name: string, standard: TypeSyntax | null = null): Param {
  return { name, bounds: [], assocBounds: new Map(), standard }
}

class StdReader {
  private readonly names = new Map<string, Definition>()
  private readonly impls: PendingImpl[] = []
  private readonly bounds: PendingBounds[] = []
  private readonly module: Module
  private readonly top: Scope

  constructor() {
    const crate: { -readonly [Key in keyof Crate]?: Crate[Key] } = { name: 'std', folder: '', isLibrary: true }
    // `as`: a crate and its root name each other.
    this.module = newModule(crate as Crate, null, 'std')
    crate.root = this.module
    this.top = { parent: null, module: this.module, generics: new Map(), self: null, fn: null, local: null, isTest: false }
  }

  read(text: string): StdModel {
    for (const { head, body } of itemsOf(text)) this.item(head, body)
    return { module: this.module, names: this.names, impls: this.impls, bounds: this.bounds }
  }

  private item(head: string, body: string | null): void {
    const [, word = '', rest = ''] = /^(\w+)\s*([^]*)$/.exec(head) ?? []
    if (word === 'impl') return this.impl(rest, body ?? '')
    if (word === 'fn') {
      const fn = this.fn(rest, this.top, null)
      this.names.set(fn.name, fn)
      return
    }
    const [, name = '', after = ''] = /^([\w:]+)([^]*)$/.exec(rest) ?? []
    const { params, scope, after: tail } = this.generics(after, this.top)
    const common = { id: null, name, scope, isTest: false }
    if (word === 'alias') this.names.set(name, { tag: 'alias', ...common, params, type: parseType(tail.replace(/^\s*=\s*/, '')) })
    else if (word === 'trait') this.names.set(name, this.trait(name, params, scope, tail, body ?? ''))
    else
      this.names.set(
        name,
        this.type({ tag: 'type', ...common, params, fields: new Map(), variants: new Set(), derives: [], isOpaque: false }, body),
      )
  }

  private type(def: TypeDef, body: string | null): TypeDef {
    for (const [, name = '', inside] of body?.matchAll(/(\w+)(?:\(([^]*?)\)(?=\s*(?:,|$)))?/g) ?? []) {
      def.variants.add(name)
      if (inside !== undefined) def.fields.set(`${name}.0`, parseType(inside))
    }
    return def
  }

  private trait(name: string, params: readonly Param[], scope: Scope, tail: string, body: string): TraitDef {
    const self = newParam('Self')
    const inside: Scope = { ...scope, self: { kind: 'param', param: self } }
    const supertraits = tail.trim().startsWith(':') ? parseBounds(tail.trim().slice(1)) : []
    const def: TraitDef = {
      tag: 'trait',
      id: null,
      name,
      scope: inside,
      isTest: false,
      params,
      self,
      methods: new Map(),
      assocBounds: new Map(),
      supertraits,
      blanket: [],
      isOpaque: false,
    }
    for (const member of membersOf(body)) {
      if (member.startsWith('type ')) def.assocBounds.set(member.slice(5).trim(), [])
      else this.member(def.methods, this.fn(member.slice(3), inside, def))
    }
    return def
  }

  private impl(rest: string, body: string): void {
    const { params, scope, after } = this.generics(rest, this.top)
    const at = after.indexOf(' for ')
    const trait = at < 0 ? null : parseType(after.slice(0, at))
    const self = parseType(at < 0 ? after : after.slice(at + 5))
    const impl = { id: null, methods: new Map<string, FnDef[]>(), assoc: new Map<string, TypeSyntax>(), isTest: false }
    this.impls.push({ scope, params, self, trait, impl })
    for (const member of membersOf(body)) {
      const [, name = '', type = ''] = /^type (\w+) = ([^]*)$/.exec(member) ?? []
      if (name !== '') impl.assoc.set(name, parseType(type))
      else this.member(impl.methods, this.fn(member.slice(3), scope, null))
    }
  }

  private member(methods: Map<string, FnDef[]>, fn: FnDef): void {
    methods.set(fn.name, [fn])
  }

  private fn(text: string, outer: Scope, owner: FnDef['owner']): FnDef {
    const [, name = '', rest = ''] = /^\s*([\w:]+)([^]*)$/.exec(text) ?? []
    const { params, scope, after } = this.generics(rest, outer)
    const close = closing(after, after.indexOf('('))
    const given = splitTop(after.slice(after.indexOf('(') + 1, close))
    const hasSelf = given[0] !== undefined && /^&?\s*(?:mut )?self$/.test(given[0])
    const inputs = given.slice(hasSelf ? 1 : 0).map((each) => parseType(each.slice(each.indexOf(':') + 1)))
    const arrow = after.indexOf('->', close)
    const output = arrow < 0 ? null : parseType(after.slice(arrow + 2))
    return {
      tag: 'fn',
      id: null,
      name,
      scope,
      isTest: false,
      params,
      inputs,
      hasSelf,
      isPinned: false,
      output,
      owner,
      isConditional: false,
    }
  }

  private generics(text: string, outer: Scope): { params: Param[]; scope: Scope; after: string } {
    const scope: Scope = { parent: outer, module: this.module, generics: new Map(), self: outer.self, fn: null, local: null, isTest: false }
    if (!text.trimStart().startsWith('<')) return { params: [], scope, after: text.trim() }
    const open = text.indexOf('<')
    const close = closing(text, open)
    const params = splitTop(text.slice(open + 1, close)).map((each) => {
      const [name = '', bounds] = [each.split(':', 1)[0]?.trim(), each.includes(':') ? each.slice(each.indexOf(':') + 1) : '']
      const param = newParam(name)
      scope.generics.set(name, param)
      if (bounds !== '') this.bounds.push({ scope, param, bounds: parseBounds(bounds) })
      return param
    })
    return { params, scope, after: text.slice(close + 1).trim() }
  }
}

/** `head;` or `head { body }`, in turn. */
function* itemsOf(text: string): Generator<{ head: string; body: string | null }> {
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length) return
    const stop = text.slice(at).search(/[;{]/) + at
    if (stop < at) return
    const head = text.slice(at, stop).trim()
    if (text[stop] === ';') {
      yield { head, body: null }
      at = stop + 1
      continue
    }
    const close = text.indexOf('}', stop)
    yield { head, body: text.slice(stop + 1, close).trim() }
    at = close + 1
  }
}

function membersOf(body: string): string[] {
  return body
    .split(';')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}

function closing(text: string, open: number): number {
  let level = 0
  for (let at = open; at < text.length; at++) {
    const char = text[at] ?? ''
    if ('(<['.includes(char)) level++
    else if (')]'.includes(char) || (char === '>' && text[at - 1] !== '-')) level--
    if (level === 0) return at
  }
  return text.length
}

function splitTop(text: string): string[] {
  const parts: string[] = []
  let level = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const char = text[at] ?? ','
    if ('(<['.includes(char)) level++
    else if (')]'.includes(char) || (char === '>' && text[at - 1] !== '-')) level--
    else if (char === ',' && level === 0) {
      parts.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  return parts.filter((part) => part !== '')
}
