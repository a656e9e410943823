import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { Def, FileScope } from './model.js'

export type FoundSymbols = Map<SymbolId, Partial<Symbol>>

/** Names under which users reach what a package shows; the shortest of several, the first of those by code units. */
export class Reached {
  private readonly paths = new Map<Def, string>()

  add(def: Def, path: string): void {
    const known = this.paths.get(def)
    if (known === undefined || isShorter(path, known)) this.paths.set(def, path)
  }

  get size(): number {
    return this.paths.size
  }

  entries(): IterableIterator<[Def, string]> {
    return this.paths.entries()
  }

  pathOf(def: Def): string | undefined {
    return this.paths.get(def)
  }
}

export function isShorter(a: string, b: string): boolean {
  const [left, right] = [a.split('.').length, b.split('.').length]
  return left === right ? a < b : left < right
}

/** A definition at the top of its file with all that it holds, the holder first. */
export function withMembers(def: Def): Def[] {
  const all: Def[] = []
  const waiting = [def]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    all.push(next)
    for (const members of next.members.values()) waiting.push(...members)
  }
  return all
}

/** The path of a member below another path of its holder at the top. */
export function pathBelow(top: Def, path: string, def: Def): string {
  return path + def.symbol.definition_path.slice(top.symbol.definition_path.length)
}

export function topDefs(file: FileScope): Def[] {
  return [...file.names.values()].flat()
}
