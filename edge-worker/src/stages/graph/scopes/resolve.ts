import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import type { EdgeSet } from '../edge-set.js'
import type { Tally } from '../tally.js'
import { buildModel } from './build-model.js'
import { Calls } from './calls.js'
import { Lookup } from './lookup.js'
import { Members } from './members.js'
import type { Def, Entity, FileScope } from './model.js'
import type { FoundSymbols } from './public-api.js'
import type { Rules } from './rules.js'
import { FAMILIES } from './families.js'
import { Types } from './types.js'
import { Values } from './values.js'
import type { World } from './world.js'
import { nameProvenance } from './outcome.js'

export interface ScopesInput {
  readonly files: readonly ParsedFile[]
  readonly packages: Readonly<Record<string, PackageFacts>>
}

/**
 * Resolves the references of all files but Rust's, family by family, adds the edges that are sure and
 * tells in `found` what users reach. Yields after each file.
 */
export function* resolveScopes(input: ScopesInput, edges: EdgeSet, tally: Tally, found: FoundSymbols): Generator<boolean> {
  for (const rules of FAMILIES) {
    const files = input.files.filter((file) => rules.languages.includes(file.language))
    if (files.length === 0) continue
    const world = worldOf(rules, buildModel(files), packagesOf(rules, input.packages))
    yield false
    for (const [id, symbol] of world.linker.publicApi?.() ?? []) found.set(id, symbol)
    yield false
    for (const scope of world.files) {
      new FileResolver(scope, world, edges, tally).resolve()
      yield true
    }
  }
}

function packagesOf(rules: Rules, packages: ScopesInput['packages']): PackageFacts {
  const all = rules.languages.flatMap((language) => packages[language]?.packages ?? [])
  return {
    packages: all.filter((each, index) => all.findIndex((other) => other.folder === each.folder && other.name === each.name) === index),
  }
}

interface ResolvedWorld extends World {
  readonly files: readonly FileScope[]
}

/** The parts know each other through one object, filled here. */
function worldOf(rules: Rules, files: readonly FileScope[], packages: PackageFacts): ResolvedWorld {
  // `as`: filled in the next lines, before anybody can ask.
  const world = { rules, files, linker: rules.link(files, packages) } as { -readonly [K in keyof ResolvedWorld]: ResolvedWorld[K] }
  world.lookup = new Lookup(world)
  world.members = new Members(world)
  world.types = new Types(world)
  world.values = new Values(world, null)
  return world
}

class FileResolver {
  private readonly calls: Calls

  constructor(
    private readonly file: FileScope,
    private readonly world: World,
    private readonly edges: EdgeSet,
    private readonly tally: Tally,
  ) {
    this.calls = new Calls(file, world)
  }

  resolve(): void {
    this.file.parsed.references.forEach((reference, index) => {
      switch (reference.kind) {
        case 'call':
        case 'method_call':
          return this.call(reference, index)
        case 'macro_call':
          return this.tally.count('unknown')
        case 'value':
          return this.value(reference)
        case 'type':
          return this.type(reference, 'uses_type')
        case 'implements':
          return this.type(reference, 'implements')
        case 'import':
          return this.import(reference)
      }
    })
  }

  private call(reference: Reference, index: number): void {
    const { outcome, type } = this.calls.of(index)
    this.tally.count(outcome.status)
    const from = this.caller(reference)
    if (from === null) return
    if (outcome.status === 'resolved') for (const { id } of outcome.defs) this.edge(from, id, 'calls', outcome.provenance)
    const isMade =
      reference.path[reference.path.length - 1] === 'constructor' || outcome.status !== 'resolved' || outcome.provenance === 'constructor'
    if (isMade && reference.kind === 'call' && type.kind === 'instance') this.edge(from, type.def.id, 'uses_type', 'constructor')
  }

  /** A function handed over: named here, called by somebody else. */
  private value(reference: Reference): void {
    const from = this.caller(reference)
    const { entities, via } = this.world.lookup.path(reference.path, this.calls.place(reference))
    const defs = defsOf(entities)
    if (from === null) return
    const functions = defs.filter((def) => def.kind === 'function')
    if (functions.length > 0) {
      for (const { id } of this.world.rules.choose(this.world.linker.definitions?.(functions) ?? functions, null))
        this.edge(from, id, 'calls', 'value')
    } else for (const def of defs) if (def.kind === 'type') this.edge(from, def.id, 'uses_type', nameProvenance(via, reference.path))
  }

  private type(reference: Reference, kind: 'uses_type' | 'implements'): void {
    if (isParameter(reference, this.calls.place(reference).from)) return
    const { entities, via } = this.world.lookup.path(reference.path, this.calls.place(reference))
    const defs = defsOf(entities).filter((def) => def.kind === 'type' || def.kind === 'alias')
    this.tally.count(defs.length > 0 ? 'resolved' : entities.length > 0 ? 'external' : 'unknown')
    const from = this.caller(reference)
    if (from === null) return
    for (const { id } of preferred(defs)) this.edge(from, id, kind, nameProvenance(via, reference.path))
  }

  private import(reference: Reference): void {
    const units = this.world.linker.unitsOf(this.file, reference)
    const entities = reference.alias === '*' || reference.path.length === 1 ? [] : this.world.linker.imported(this.file, reference)
    if (reference.path[0] === '') return
    const targets = new Set(defsOf(entities).map((def) => def.file.file))
    // A name that comes from elsewhere still has been asked of this module.
    for (const unit of units) if (unit.files.length === 1 && unit.files[0] !== undefined) targets.add(unit.files[0].file)
    this.tally.count(targets.size > 0 ? 'resolved' : units.length > 0 ? 'unknown' : 'external')
    for (const target of targets) {
      if (target !== this.file.file) this.edges.add(this.file.file, target, 'imports', reference.alias === '*' ? 'glob' : 'import')
    }
  }

  private edge(from: string, to: string, kind: 'calls' | 'uses_type' | 'implements', provenance: string): void {
    if (from !== to || kind === 'calls') this.edges.add(from, to, kind, provenance, 'scopes')
  }

  /** The symbol whose text holds the reference; what stands at the top of a file is run by whoever loads it. */
  private caller(reference: Reference): string | null {
    return reference.from !== null && this.file.defs.has(reference.from) ? reference.from : null
  }
}

function defsOf(entities: readonly Entity[]): Def[] {
  return entities.flatMap((entity) => (entity.tag === 'def' ? [entity.def] : []))
}

/** Of a type declared in several places those with a body; a forward declaration is only told where nothing else is. */
function preferred(defs: readonly Def[]): readonly Def[] {
  const bodies = defs.filter((def) => def.hasBody)
  return bodies.length > 0 ? bodies : defs
}

function isParameter(reference: Reference, from: Def | null): boolean {
  if (reference.path.length !== 1) return false
  for (let def = from; def !== null; def = def.holder) if (def.generics.has(reference.path[0] ?? '')) return true
  return false
}
