import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { RepositoryModel } from './build-model.js'
import type { Module } from './model.js'

/** Paths that items are defined at, by the modules that really hold their files: `#[path]` may load a file under another name. */
export class DefinitionPaths {
  private readonly paths = new Map<SymbolId, string>()
  private readonly symbols = new Map<SymbolId, Symbol>()
  /** Of each file: what its symbols' paths begin with, and what they should begin with. */
  private readonly prefixes = new Map<string, { readonly written: string; readonly real: string }>()

  constructor(files: readonly ParsedFile[], model: RepositoryModel) {
    for (const { file, symbols, exports } of files) {
      const module = model.moduleOfFile.get(file)
      const written = exports?.module_path ?? ''
      this.prefixes.set(file, { written, real: module === undefined ? written : pathOf(module) })
      for (const symbol of symbols) {
        this.symbols.set(symbol.id, symbol)
        this.paths.set(symbol.id, this.real(symbol.path, file))
      }
    }
  }

  of(symbol: Symbol): string {
    return this.paths.get(symbol.id) ?? symbol.path
  }

  all(): ReadonlyMap<SymbolId, string> {
    return this.paths
  }

  /** The path of what an item stands in. */
  outer(symbol: Symbol): string {
    return this.real(this.writtenOuter(symbol), symbol.file)
  }

  /** What an impl adds to the path of its module: `impl Display for Error`. */
  segment(impl: Symbol): string {
    return after(impl.path, this.writtenOuter(impl))
  }

  /** What members of an impl put between its module and their names: `<Error as Display>`. */
  memberSegment(impl: Symbol, member: Symbol): string {
    return after(member.path, this.writtenOuter(impl)).slice(0, -`::${member.name}`.length)
  }

  private writtenOuter(symbol: Symbol): string {
    const container = symbol.container === null ? undefined : this.symbols.get(symbol.container)
    return container?.path ?? this.prefixes.get(symbol.file)?.written ?? ''
  }

  private real(path: string, file: string): string {
    const { written, real } = this.prefixes.get(file) ?? { written: '', real: '' }
    if (written === real || written === '') return path
    return path === written ? real : path.startsWith(`${written}::`) ? real + path.slice(written.length) : path
  }
}

function after(path: string, outer: string): string {
  return outer !== '' && path.startsWith(`${outer}::`) ? path.slice(outer.length + 2) : path
}

function pathOf(module: Module): string {
  const names: string[] = []
  for (let at: Module | null = module; at !== null; at = at.parent) names.unshift(at.parent === null ? at.crate.name : at.name)
  return names.join('::')
}
