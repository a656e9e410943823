import type { ReExport } from '@doctown/common/contracts/file-exports.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { RepositoryModel } from './build-model.js'
import { cfgSets, nightlyFeatures, effectiveAttributes, isPresent, type CfgSets } from './cfg.js'

/** 2: in the documented build; 1: in a build with more features; 0: in neither. */
export type Level = 0 | 1 | 2

export function least(a: Level, b: Level): Level {
  return a < b ? a : b
}

/** What attributes say of an item: its own, those of the macro calls around it, of a module also those inside of it. */
export interface Said {
  readonly level: Level
  readonly isHidden: boolean
  /** `#[macro_export]`, `#[proc_macro_derive(..)]`: names of attributes. */
  readonly names: ReadonlySet<string>
}

interface Around {
  readonly macros: readonly string[]
  readonly attributes: readonly string[]
}

/** Macros that wrap macros that wrap items: no more than this. */
const MAX_WRAPPERS = 8

/** Reads `#[cfg]` and `#[doc(hidden)]` of all that one repository declares. */
export class Presence {
  private readonly around = new Map<SymbolId, Around>()
  private readonly wrappers = new Map<SymbolId, Around>()
  private readonly fileAttributes = new Map<string, readonly string[]>()
  private readonly sets = new Map<string, CfgSets>()
  private readonly said = new Map<SymbolId, Said>()
  private readonly reading = new Set<SymbolId>()
  private readonly symbols = new Map<SymbolId, Symbol>()

  constructor(
    files: readonly ParsedFile[],
    private readonly model: RepositoryModel,
    private readonly packages: PackageFacts | undefined,
  ) {
    for (const { file, exports, symbols } of files) {
      for (const symbol of symbols) this.symbols.set(symbol.id, symbol)
      if (exports === undefined) continue
      this.fileAttributes.set(file, exports.attributes)
      for (const each of exports.around) this.around.set(each.symbol_id, each)
      for (const each of exports.wrappers) this.wrappers.set(each.symbol_id, each)
    }
  }

  ofSymbol(symbol: Symbol): Said {
    const known = this.said.get(symbol.id)
    if (known !== undefined) return known
    // A macro whose own existence hangs on what it wraps: half-written code.
    if (this.reading.has(symbol.id)) return this.read([], symbol.file)
    this.reading.add(symbol.id)
    const around = this.around.get(symbol.id)
    const definition = symbol.symbol_type === 'module' ? this.model.definitions.get(symbol.id) : undefined
    const loaded = definition?.tag === 'module' ? this.fileAttributes.get(definition.module.node ?? '') : undefined
    const attributes = [
      ...symbol.attributes,
      ...(around?.attributes ?? []),
      ...(loaded ?? []),
      ...this.wrapped(around?.macros ?? [], symbol.file),
    ]
    const said = this.read(attributes, symbol.file)
    this.reading.delete(symbol.id)
    this.said.set(symbol.id, said)
    return said
  }

  /** Whether the documented build has it, as far as its own attributes say. */
  isBuilt(id: SymbolId): boolean {
    const symbol = this.symbols.get(id)
    return symbol === undefined || this.ofSymbol(symbol).level === 2
  }

  ofReExport({ attributes, macros }: Pick<ReExport, 'attributes' | 'macros'>, file: string): Said {
    return this.read([...attributes, ...this.wrapped(macros, file)], file)
  }

  private read(attributes: readonly string[], file: string): Said {
    const { documented, widest } = this.setsOf(file)
    const effective = effectiveAttributes(attributes, documented)
    const level = isPresent(effective, documented) ? 2 : isPresent(effectiveAttributes(attributes, widest), widest) ? 1 : 0
    const names = new Set(effective.map((each) => /^#!?\[\s*(?:unsafe\s*\(\s*)?([\w:]+)/.exec(each)?.[1] ?? ''))
    const isHidden = names.has('doc') && effective.some((each) => /^#!?\[\s*doc\s*\([^"]*\bhidden\b/.test(each))
    return { level, isHidden, names }
  }

  /** Attributes that macros of the crate put before the items they are given. */
  private wrapped(macros: readonly string[], file: string, depth = 0): string[] {
    if (depth > MAX_WRAPPERS) return []
    const crate = this.model.moduleOfFile.get(file)?.crate
    return macros.flatMap((name) => {
      const own = (this.model.macros.get(name) ?? []).filter((each) => each.crate === crate)
      const levels = own.map((each) => {
        const symbol = this.symbols.get(each.id)
        return { wrapper: this.wrappers.get(each.id), level: symbol === undefined ? 0 : this.ofSymbol(symbol).level }
      })
      const { wrapper } = levels.sort((a, b) => b.level - a.level)[0] ?? {}
      return wrapper === undefined ? [] : [...wrapper.attributes, ...this.wrapped(wrapper.macros, file, depth + 1)]
    })
  }

  private nightlyOf(file: string): Set<string> {
    const root = this.model.moduleOfFile.get(file)?.crate.root.node
    return nightlyFeatures(this.fileAttributes.get(root ?? '') ?? [])
  }

  private setsOf(file: string): CfgSets {
    const owner = packageOf(file, this.packages)
    const key = `${owner?.folder ?? ' '}\n${this.model.moduleOfFile.get(file)?.crate.root.node ?? ''}`
    let sets = this.sets.get(key)
    if (sets === undefined) this.sets.set(key, (sets = cfgSets(owner?.build, this.nightlyOf(file))))
    return sets
  }
}

/** The package whose folder holds the file most closely. */
export function packageOf(file: string, facts: PackageFacts | undefined): PackageFacts['packages'][number] | undefined {
  let best: PackageFacts['packages'][number] | undefined
  for (const each of facts?.packages ?? []) {
    const isInside = each.folder === '' || file.startsWith(`${each.folder}/`)
    if (isInside && (best === undefined || each.folder.length > best.folder.length)) best = each
  }
  return best
}
