import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { TypeFact } from '@doctown/common/contracts/reference.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { Crate, Definition, FnDef, Impl, Module, Namespace, Scope, TraitDef, TypeDef } from './model.js'
import type { Places } from './places.js'
import { filePlaces } from './places.js'
import type { PendingBounds, PendingImpl } from './std-model.js'
import { newModule, newParam } from './std-model.js'
import type { Param } from './type-model.js'
import { adt } from './type-model.js'
import type { TypeSyntax } from './type-text.js'
import { parseBounds, parseType } from './type-text.js'

/** The repository's definitions, placed in their modules. Names in types and bounds are not yet resolved. */
export interface RepositoryModel {
  readonly crates: readonly Crate[]
  /** The scope in which the text of a symbol is read, or of a file outside of any. */
  readonly scopeOf: (file: string, from: SymbolId | null) => Scope | undefined
  readonly moduleOfFile: ReadonlyMap<string, Module>
  readonly definitions: ReadonlyMap<SymbolId, Definition>
  readonly impls: readonly PendingImpl[]
  readonly bounds: readonly PendingBounds[]
  readonly assocBounds: readonly (PendingBounds & { readonly assoc: string })[]
  readonly macros: ReadonlyMap<string, readonly { readonly id: SymbolId; readonly crate: Crate }[]>
}

export function buildModel(files: readonly ParsedFile[]): RepositoryModel {
  const builder = new ModelBuilder(files)
  return builder.build()
}

class ModelBuilder {
  private readonly crates = new Map<string, Crate>()
  private readonly scopes = new Map<SymbolId, Scope>()
  private readonly moduleOfFile = new Map<string, Module>()
  private readonly moduleScopes = new Map<Module, Scope>()
  private readonly modules = new Map<SymbolId, Module>()
  private readonly definitions = new Map<SymbolId, Definition>()
  private readonly members = new Map<SymbolId, PendingImpl['impl'] | TraitDef>()
  private readonly impls: PendingImpl[] = []
  private readonly bounds: PendingBounds[] = []
  private readonly assocBounds: (PendingBounds & { assoc: string })[] = []
  private readonly macros = new Map<string, { id: SymbolId; crate: Crate }[]>()
  private facts = new Map<SymbolId, TypeFact[]>()
  private readonly tests = new Set<SymbolId>()
  private readonly conditional = new Set<SymbolId>()

  constructor(private readonly files: readonly ParsedFile[]) {}

  build(): RepositoryModel {
    const places = filePlaces(this.files)
    for (const file of this.files) {
      const place = places.ofFile.get(file.file)
      if (place === undefined) continue
      const crate = this.crate(place.key, place.crate, place.isLibrary)
      let module = crate.root
      for (const name of place.modules) module = child(module, name)
      module.node ??= file.file
      this.moduleOfFile.set(file.file, module)
    }
    // Modules first: whether a file is for tests only may be told by another file.
    for (const file of this.files) this.fileModules(file, places)
    for (const file of this.files) {
      this.facts = grouped(file.type_facts)
      for (const symbol of file.symbols) if (symbol.symbol_type !== 'module') this.symbol(symbol, file)
    }
    return {
      crates: [...this.crates.values()],
      scopeOf: (file, from) => this.scopeAt(file, from),
      moduleOfFile: this.moduleOfFile,
      definitions: this.definitions,
      impls: this.impls,
      bounds: this.bounds,
      assocBounds: this.assocBounds,
      macros: this.macros,
    }
  }

  private scopeAt(file: string, from: SymbolId | null): Scope | undefined {
    const own = from === null ? undefined : this.scopes.get(from)
    if (own !== undefined) return own
    const module = (from === null ? undefined : this.modules.get(from)) ?? this.moduleOfFile.get(file)
    return module === undefined ? undefined : this.scopeOfModule(module)
  }

  private crate(folder: string, name: string, isLibrary: boolean): Crate {
    const found = this.crates.get(folder)
    if (found !== undefined) return found
    const crate: { -readonly [Key in keyof Crate]?: Crate[Key] } = { name, folder, isLibrary }
    // `as`: a crate and its root name each other.
    crate.root = newModule(crate as Crate, null, name)
    this.crates.set(folder, crate as Crate)
    return crate as Crate
  }

  private scopeOfModule(module: Module): Scope {
    let scope = this.moduleScopes.get(module)
    if (scope === undefined) {
      scope = { parent: null, module, generics: new Map(), self: null, fn: null, local: null, isTest: isInTests(module) }
      this.moduleScopes.set(module, scope)
    }
    return scope
  }

  private symbol(symbol: Symbol, file: ParsedFile): void {
    const module = this.moduleAround(symbol, file)
    if (module === undefined) return
    const container = symbol.container
    const outer = (container === null ? undefined : this.scopes.get(container)) ?? this.scopeOfModule(module)
    const isTest = outer.isTest || (container !== null && this.tests.has(container)) || isTestOnly(symbol.attributes)
    if (isTest) this.tests.add(symbol.id)
    const conditional = (container !== null && this.conditional.has(container)) || isConditional(symbol) || isInConditional(module)
    if (conditional) this.conditional.add(symbol.id)
    const facts = this.facts.get(symbol.id) ?? []
    const scope: Scope = { parent: outer, module: outer.module, generics: new Map(), self: null, fn: null, local: null, isTest }
    const params = this.generics(facts, scope)
    const common = { id: symbol.id, name: symbol.name, scope, isTest }
    const owner = container === null ? undefined : this.members.get(container)
    switch (symbol.symbol_type) {
      case 'struct':
      case 'enum':
      case 'union': {
        const def: TypeDef = {
          tag: 'type',
          ...common,
          params,
          fields: new Map(),
          variants: new Set(),
          derives: derivesOf(symbol),
          isOpaque: false,
        }
        for (const fact of facts) {
          if (fact.kind === 'variant') def.variants.add(fact.name)
          else if (fact.kind === 'field') def.fields.set(fact.name, parseType(fact.type))
        }
        scope.self = adt(
          def,
          params.map((param) => ({ kind: 'param', param })),
        )
        this.define(outer, 'type', def)
        if (symbol.symbol_type === 'struct') this.define(outer, 'value', def)
        break
      }
      case 'trait': {
        const self = newParam('Self')
        scope.self = { kind: 'param', param: self }
        const supertraits = facts.flatMap((fact) => (fact.kind === 'supertrait' && fact.trait !== null ? parseBounds(fact.trait) : []))
        const assocBounds = new Map<string, readonly TypeSyntax[]>()
        for (const fact of facts) if (fact.kind === 'assoc') assocBounds.set(fact.name, fact.trait === null ? [] : parseBounds(fact.trait))
        const def: TraitDef = {
          tag: 'trait',
          ...common,
          params,
          self,
          methods: new Map(),
          assocBounds,
          supertraits,
          blanket: [],
          isOpaque: false,
        }
        this.define(outer, 'type', def)
        this.members.set(symbol.id, def)
        break
      }
      case 'impl': {
        const fact = facts.find((each) => each.kind === 'impl')
        const assoc = new Map<string, TypeSyntax>()
        for (const each of facts) if (each.kind === 'assoc') assoc.set(each.name, parseType(each.type))
        const impl = { id: symbol.id, methods: new Map<string, FnDef[]>(), assoc, isTest }
        if (fact !== undefined)
          this.impls.push({ scope, params, self: parseType(fact.type), trait: fact.trait === null ? null : parseType(fact.trait), impl })
        this.members.set(symbol.id, impl)
        break
      }
      case 'function':
      case 'method': {
        const given = symbol.parameters.filter((parameter) => parameter.name !== 'self')
        const def: FnDef = {
          tag: 'fn',
          ...common,
          params,
          inputs: given.map((parameter) => parseType(parameter.param_type)),
          hasSelf: given.length < symbol.parameters.length,
          isPinned: /^(?:\w+::)*Pin\b/.test(symbol.parameters.find((parameter) => parameter.name === 'self')?.param_type ?? ''),
          output: symbol.return_type === null ? null : parseType(symbol.return_type),
          // `as`: an impl is whole once its header is read.
          owner: (owner as Impl | TraitDef | undefined) ?? null,
          isConditional: conditional,
        }
        if (owner !== undefined) push(owner.methods, symbol.name, def)
        else this.define(outer, 'value', def)
        this.definitions.set(symbol.id, def)
        scope.fn = def
        break
      }
      case 'const':
      case 'static': {
        const type = facts.find((fact) => fact.kind === 'value')?.type ?? '_'
        if (owner === undefined) this.define(outer, 'value', { tag: 'value', ...common, type: parseType(type), inMacro: symbol.in_macro })
        break
      }
      case 'type_alias': {
        const type = facts.find((fact) => fact.kind === 'alias')?.type
        if (owner === undefined && type !== undefined)
          this.define(outer, 'type', { tag: 'alias', ...common, params, type: parseType(type) })
        break
      }
      case 'macro':
        this.define(outer, 'macro', { tag: 'macro', id: symbol.id, name: symbol.name })
        push(this.macros, symbol.name, { id: symbol.id, crate: outer.module.crate })
        break
      default:
    }
    this.scopes.set(symbol.id, scope)
  }

  private fileModules(file: ParsedFile, places: Places): void {
    for (const symbol of file.symbols) {
      if (symbol.symbol_type !== 'module') continue
      const outer = this.moduleAround(symbol, file)
      if (outer === undefined) continue
      const loaded = places.loaded.get(symbol.id)
      let module = loaded === undefined ? undefined : this.moduleOfFile.get(loaded)
      const known = outer.children.get(symbol.name) ?? []
      if (module === undefined) {
        module = newModule(outer.crate, outer, symbol.name)
        module.node = symbol.id
      }
      // Where several crates load one file it is a child of each.
      if (!known.includes(module)) outer.children.set(symbol.name, [...known.filter((each) => each.node !== null), module])
      if (isTestOnly(symbol.attributes)) module.isTest = true
      if (isConditional(symbol)) module.isConditional = true
      this.modules.set(symbol.id, module)
      this.definitions.set(symbol.id, { tag: 'module', module })
    }
  }

  private moduleAround(symbol: Symbol, file: ParsedFile): Module | undefined {
    return (symbol.container === null ? undefined : this.modules.get(symbol.container)) ?? this.moduleOfFile.get(file.file)
  }

  private generics(facts: readonly TypeFact[], scope: Scope): Param[] {
    const params: Param[] = []
    for (const fact of facts) {
      if (fact.kind !== 'generic') continue
      const param = newParam(fact.name, fact.type === '' || fact.type === 'const' ? null : parseType(fact.type))
      params.push(param)
      scope.generics.set(fact.name, param)
      if (fact.trait !== null) this.bounds.push({ scope, param, bounds: parseBounds(fact.trait) })
    }
    for (const fact of facts) {
      if (fact.kind !== 'bound' || fact.trait === null) continue
      const [, name = '', assoc = ''] = /^<?\s*(\w+)(?:\s+as\s+[^>]*>)?(?:\s*>?\s*::\s*(\w+))?$/.exec(fact.type.trim()) ?? []
      const param = lookupParam(scope, name)
      if (param === undefined) continue
      if (assoc === '') this.bounds.push({ scope, param, bounds: parseBounds(fact.trait) })
      else this.assocBounds.push({ scope, param, assoc, bounds: parseBounds(fact.trait) })
    }
    return params
  }

  /** Items of a function are seen in that function alone. */
  private define(outer: Scope, namespace: Namespace, definition: Definition): void {
    const names = outer.parent === null ? outer.module.names : local(outer).names
    const name = 'name' in definition ? definition.name : ''
    push(names[namespace], name, definition)
    if ('id' in definition && definition.id !== null) this.definitions.set(definition.id, definition)
  }
}

/** The store of a function's own items and imports, made when first needed. */
export function local(scope: Scope): NonNullable<Scope['local']> {
  if (scope.local !== null) return scope.local
  const made = { names: { type: new Map(), value: new Map(), macro: new Map() }, imports: new Map(), globs: [], nameless: [] }
  // `as`: filled once, here.
  ;(scope as { local: Scope['local'] }).local = made
  return made
}

export function lookupParam(scope: Scope, name: string): Param | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const found = at.generics.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

export function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** `#[cfg(..)]`, or in the tokens of a macro call, which as a rule is a `cfg_net!` or the like. */
function isConditional(symbol: Symbol): boolean {
  return symbol.in_macro || symbol.attributes.some((each) => /^#\[\s*cfg\b/.test(each))
}

function isInConditional(module: Module): boolean {
  for (let at: Module | null = module; at !== null; at = at.parent) if (at.isConditional) return true
  return false
}

function isInTests(module: Module): boolean {
  for (let at: Module | null = module; at !== null; at = at.parent) if (at.isTest) return true
  return false
}

function child(module: Module, name: string): Module {
  const found = module.children.get(name)?.[0]
  if (found !== undefined) return found
  const made = newModule(module.crate, module, name)
  module.children.set(name, [made])
  return made
}

function grouped(facts: readonly TypeFact[]): Map<SymbolId, TypeFact[]> {
  const map = new Map<SymbolId, TypeFact[]>()
  for (const fact of facts) {
    const list = map.get(fact.symbol_id)
    if (list === undefined) map.set(fact.symbol_id, [fact])
    else list.push(fact)
  }
  return map
}

function isTestOnly(attributes: readonly string[]): boolean {
  return attributes.some((attribute) => /^#!?\[\s*(?:cfg\s*\(\s*(?:all\s*\(\s*)?test\s*[,)]|test\s*\]|bench\s*\])/.test(attribute))
}

function derivesOf(symbol: Symbol): string[] {
  return symbol.attributes.flatMap((attribute) => {
    const inside = /derive\s*\(([^)]*)\)/.exec(attribute)?.[1]
    return inside === undefined ? [] : inside.split(',').map((name) => name.trim().split('::').pop() ?? '')
  })
}
