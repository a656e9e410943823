import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { EdgeSet } from '../edge-set.js'
import type { Tally } from '../tally.js'
import { buildModel, type RepositoryModel } from './build-model.js'
import { Calls } from './calls.js'
import { DocLinks } from './doc-links.js'
import { Methods } from './methods.js'
import type { Definition, Scope } from './model.js'
import { Names } from './names.js'
import { Presence } from './presence.js'
import { rustPublicApi } from './public-api.js'
import { stdModel } from './std-model.js'
import { stripRefs } from './type-model.js'
import { Types } from './types.js'
import type { World } from './world.js'

export interface SymbolFacts {
  readonly packages: PackageFacts | undefined
  /** What only the whole repository tells of a symbol; filled here. */
  readonly found: Map<SymbolId, Partial<Symbol>>
}

/** Symbols that can call: what stands in them runs. */
const CALLERS = new Set(['function', 'method', 'const', 'static'])

/** Resolves the references of all Rust files against each other and adds the edges that are sure. Yields `true` after each file, and `false` in between. */
export function* resolveRust(files: readonly ParsedFile[], edges: EdgeSet, tally: Tally, symbols: SymbolFacts): Generator<boolean> {
  const { model, std, presence, names } = yield* asPauses(rustNames(files, symbols.packages))
  yield* asPauses(findPublicApi(files, { model, presence, names }, symbols))
  const links = new DocLinks(files, { model, names, presence })
  for (const file of files) {
    for (const symbol of file.symbols) {
      const doc_links = links.of(symbol)
      if (doc_links.length > 0) symbols.found.set(symbol.id, { ...symbols.found.get(symbol.id), doc_links })
    }
    yield false
  }
  const types = new Types(names, model, std)
  const world: World = { model, names, types, methods: new Methods(types, names, model, std) }
  yield false
  for (const file of files) {
    new FileResolver(file, world, edges, tally).resolve()
    yield true
  }
}

/** What `resolveRust` finds of symbols before it follows a single reference: what is public, and by which path. */
export function rustPublicFacts(files: readonly ParsedFile[], packages: PackageFacts | undefined): SymbolFacts['found'] {
  const found: SymbolFacts['found'] = new Map()
  finish(findPublicApi(files, finish(rustNames(files, packages)), { packages, found }))
  return found
}

interface RustNames {
  readonly model: RepositoryModel
  readonly std: ReturnType<typeof stdModel>
  readonly presence: Presence
  readonly names: Names
}

function* rustNames(files: readonly ParsedFile[], packages: PackageFacts | undefined): Generator<void, RustNames> {
  const model = buildModel(files)
  yield
  const std = stdModel()
  const presence = new Presence(files, model, packages)
  yield
  return { model, std, presence, names: new Names(model, std, files, (id) => presence.isBuilt(id)) }
}

/** The pauses of work that finishes no file. */
function* asPauses<T>(work: Generator<void, T>): Generator<false, T> {
  for (;;) {
    const step = work.next()
    yield false
    if (step.done === true) return step.value
  }
}

/** What a generator returns in the end, without a pause. */
function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

function* findPublicApi(
  files: readonly ParsedFile[],
  known: Pick<RustNames, 'model' | 'names' | 'presence'>,
  { packages, found }: SymbolFacts,
): Generator<void> {
  const api = yield* rustPublicApi(files, known, packages)
  for (const [id, definition_path] of api.definitionPaths) {
    const path = api.paths.get(id)
    found.set(id, { path: path ?? definition_path, definition_path, is_public_api: path !== undefined })
  }
}

class FileResolver {
  private readonly calls: Calls
  private readonly types: ReadonlyMap<string, string>

  constructor(
    private readonly file: ParsedFile,
    private readonly world: World,
    private readonly edges: EdgeSet,
    private readonly tally: Tally,
  ) {
    this.calls = new Calls(file, world)
    this.types = new Map(file.symbols.map((symbol) => [symbol.id, symbol.symbol_type]))
  }

  resolve(): void {
    this.file.references.forEach((reference, index) => {
      const scope = this.world.model.scopeOf(this.file.file, reference.from)
      if (scope === undefined) return
      switch (reference.kind) {
        case 'call':
        case 'method_call':
          return this.call(reference, index, scope)
        case 'macro_call':
          return this.macro(reference, scope)
        case 'value':
          return this.value(reference, scope)
        case 'type':
          return this.type(reference, scope)
        case 'implements':
          return this.implementation(reference, scope)
        case 'import':
          return this.import(reference, scope)
      }
    })
  }

  private call(reference: Reference, index: number, scope: Scope): void {
    const { outcome } = this.calls.result(index)
    this.tally.count(outcome.status)
    if (outcome.status === 'resolved') {
      for (const fn of outcome.fns) this.callEdge(reference, fn.id, outcome.provenance)
    }
    if (reference.kind === 'call') this.constructed(reference, scope)
  }

  /** `Type::new()`, `Point(1, 2)` and `Shape::Round(1)` name a type. */
  private constructed(reference: Reference, scope: Scope): void {
    const { names } = this.world
    const { definitions, rest } = names.resolve(reference.path, scope, 'value')
    if (rest.length <= 1) for (const each of definitions) this.uses(reference, each, 'path', scope)
  }

  private value(reference: Reference, scope: Scope): void {
    const { fns, provenance } = this.calls.pathValue(reference.path, scope)
    const seen = fns.filter((fn) => fn.id !== null && (!fn.isTest || scope.isTest))
    if (seen.length > 1 && !seen.every((fn) => fn.isConditional)) return
    for (const fn of seen) this.callEdge(reference, fn.id, provenance)
    const { definitions } = this.world.names.resolve(reference.path, scope, 'value')
    for (const each of definitions) this.uses(reference, each, 'path', scope)
  }

  private macro(reference: Reference, scope: Scope): void {
    const name = reference.path[reference.path.length - 1] ?? ''
    const { names, model } = this.world
    const found = names.resolve(reference.path, scope, 'macro').definitions.flatMap((each) => (each.tag === 'macro' ? [each.id] : []))
    const inCrate = (model.macros.get(name) ?? []).filter((each) => each.crate === scope.module.crate).map((each) => each.id)
    const ids = found.length > 0 ? found : reference.path.length === 1 && inCrate.length === 1 ? inCrate : []
    for (const id of ids) this.callEdge(reference, id, 'macro')
  }

  private callEdge(reference: Reference, target: string | null, provenance: string): void {
    if (target === null || reference.from === null || !CALLERS.has(this.types.get(reference.from) ?? '')) return
    this.edges.add(reference.from, target, 'calls', provenance)
  }

  private type(reference: Reference, scope: Scope): void {
    if (reference.path[0] === 'Self') return
    const { definitions } = this.world.names.resolve(reference.path, scope, 'type')
    this.tally.count(statusOf(definitions))
    if (reference.path.length === 1 && isParameter(reference.path[0] ?? '', scope)) return
    for (const each of definitions) this.uses(reference, each, reference.path.length === 1 ? 'name' : 'path', scope)
  }

  private uses(reference: Reference, definition: Definition, provenance: string, scope: Scope): void {
    const target = definition.tag === 'variant' ? definition.type : definition
    if (target.tag !== 'type' && target.tag !== 'trait' && target.tag !== 'alias') return
    if (target.id === null || reference.from === null || target.id === reference.from || (target.isTest && !scope.isTest)) return
    this.edges.add(reference.from, target.id, 'uses_type', provenance)
  }

  private implementation(reference: Reference, scope: Scope): void {
    const { names, types } = this.world
    const traits = names.resolve(reference.path, scope, 'type').definitions
    this.tally.count(statusOf(traits))
    const self = stripRefs(types.selfOf(scope))
    for (const trait of traits) {
      if (trait.tag !== 'trait' || trait.id === null || reference.from === null) continue
      this.edges.add(reference.from, trait.id, 'implements', 'impl')
      if (self.kind === 'adt' && self.def.id !== null) this.edges.add(self.def.id, trait.id, 'implements', 'impl')
    }
  }

  private import(reference: Reference, scope: Scope): void {
    const source = scope.module.node ?? this.file.file
    const entry = { path: reference.path, module: scope.module }
    const { names } = this.world
    const spaces = reference.alias === '*' ? (['type'] as const) : (['type', 'value', 'macro'] as const)
    const found = spaces.flatMap((space) => names.resolveImport(entry, space).definitions)
    this.tally.count(statusOf(found))
    for (const each of found) {
      const target = nodeOf(each, scope.isTest)
      if (target !== null && target !== source) this.edges.add(source, target, 'imports', reference.alias === '*' ? 'glob' : 'import')
    }
  }
}

function nodeOf(definition: Definition, inTests: boolean): string | null {
  if (definition.tag === 'module') return definition.module.isTest && !inTests ? null : definition.module.node
  if (definition.tag === 'external') return null
  const target = definition.tag === 'variant' ? definition.type : definition
  return target.tag !== 'macro' && target.isTest && !inTests ? null : target.id
}

function statusOf(definitions: readonly Definition[]): 'resolved' | 'external' | 'unknown' {
  if (definitions.length === 0) return 'unknown'
  return definitions.some((each) => nodeOf(each, true) !== null) ? 'resolved' : 'external'
}

function isParameter(name: string, scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.parent) if (at.generics.has(name)) return true
  return false
}
