import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { push, type Def, type DefKind, type FileScope, type Imports } from './model.js'

const KINDS: Readonly<Record<string, DefKind | undefined>> = {
  function: 'function',
  method: 'function',
  class: 'type',
  struct: 'type',
  enum: 'type',
  union: 'type',
  interface: 'type',
  trait: 'type',
  type_alias: 'alias',
  const: 'value',
  static: 'value',
  variable: 'value',
  field: 'value',
  module: 'namespace',
  macro: 'macro',
}

/** Symbols, facts and imports of the files as definitions with members and scopes. One pass a file; linear in what the files say. */
export function buildModel(files: readonly ParsedFile[]): FileScope[] {
  const scopes = files.map(fileScope)
  for (const scope of scopes) for (const def of scope.defs.values()) hold(def, scope)
  return scopes
}

function fileScope(parsed: ParsedFile): FileScope {
  const scope: FileScope = { file: parsed.file, parsed, names: new Map(), imports: new Map(), defs: new Map() }
  const bodies = new Set(parsed.ranges.flatMap((range) => (range.symbol_id !== null && range.body < range.end ? [range.symbol_id] : [])))
  for (const symbol of parsed.symbols) {
    const kind = KINDS[symbol.symbol_type]
    if (kind !== undefined) scope.defs.set(symbol.id, define(symbol, kind, scope, bodies.has(symbol.id)))
  }
  for (const fact of parsed.type_facts) {
    const def = scope.defs.get(fact.symbol_id)
    if (def === undefined) continue
    if (fact.kind === 'field' || fact.kind === 'variant') def.fields.set(fact.name, fact.type)
    else if (fact.kind === 'generic') def.generics.set(fact.name, fact.trait ?? '')
    else if (fact.kind === 'supertrait' && fact.trait !== null) def.supers.push(fact.trait)
    else if (fact.kind === 'alias' || fact.kind === 'value') def.written = fact.type
  }
  for (const reference of parsed.references) {
    if (reference.kind === 'import') {
      const imports = importsOf(scope, reference.from ?? '')
      if (reference.alias === '*') imports.globs.push(reference)
      else if (reference.alias !== null) push(imports.named, reference.alias, reference)
    } else if (reference.kind === 'implements' && reference.from !== null) {
      const def = scope.defs.get(reference.from)
      const name = reference.path.join('.')
      if (def?.kind === 'type' && !def.supers.some((each) => bare(each) === name || bare(each) === reference.path.join('::')))
        def.supers.push(name)
    }
  }
  return scope
}

function bare(written: string): string {
  return written.replace(/[<[].*$/s, '').trim()
}

function define(symbol: Symbol, kind: DefKind, file: FileScope, hasBody: boolean): Def {
  return {
    id: symbol.id,
    name: symbol.name,
    kind,
    symbol,
    file,
    holder: null,
    hasBody,
    members: new Map(),
    generics: new Map(),
    fields: new Map(),
    supers: [],
    written: null,
  }
}

function hold(def: Def, scope: FileScope): void {
  const holder = def.symbol.container === null ? undefined : scope.defs.get(def.symbol.container)
  if (holder === undefined) push(scope.names, def.name, def)
  else {
    def.holder = holder
    push(holder.members, def.name, def)
  }
}

function importsOf(scope: FileScope, from: string): Imports {
  const known = scope.imports.get(from)
  if (known !== undefined) return known
  const imports: Imports = { named: new Map(), globs: [] }
  scope.imports.set(from, imports)
  return imports
}
