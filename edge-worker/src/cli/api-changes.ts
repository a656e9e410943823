import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { shownSymbol, type ShownSymbol } from './shown-symbol.js'

/** What can differ between two symbols of one public path. */
export type Difference = 'symbol_type' | 'visibility' | 'signature' | 'return_type'

export interface ChangedSymbol {
  readonly path: string
  readonly differs: readonly Difference[]
  readonly before: ShownSymbol
  readonly after: ShownSymbol
}

export interface ApiChanges {
  readonly added: readonly ShownSymbol[]
  readonly removed: readonly ShownSymbol[]
  readonly changed: readonly ChangedSymbol[]
}

/** In the order in which they are told. */
const DIFFERENCES: readonly Difference[] = ['symbol_type', 'visibility', 'signature', 'return_type']

/**
 * What changed for users between two lists of symbols: public ones by path and kind, what it is defined in and where does not count.
 * An inherent impl block is no item of an API, its members are. Sorted by path.
 */
export function apiChanges(before: readonly Symbol[], after: readonly Symbol[]): ApiChanges {
  const added: ShownSymbol[] = []
  const removed: ShownSymbol[] = []
  const changed: ChangedSymbol[] = []
  const olds = grouped(before)
  const news = grouped(after)
  for (const path of [...new Set([...olds.keys(), ...news.keys()])].sort()) {
    const { pairs, gone, come } = paired(olds.get(path) ?? [], news.get(path) ?? [])
    removed.push(...gone)
    added.push(...come)
    for (const [old, now] of pairs) {
      const differs = DIFFERENCES.filter((key) => old[key] !== now[key])
      if (differs.length > 0) changed.push({ path, differs, before: old, after: now })
    }
  }
  return { added, removed, changed }
}

function grouped(symbols: readonly Symbol[]): Map<string, ShownSymbol[]> {
  const byPath = new Map<string, ShownSymbol[]>()
  for (const symbol of symbols) {
    if (!symbol.is_public_api || isInherentImpl(symbol)) continue
    const list = byPath.get(symbol.path)
    if (list === undefined) byPath.set(symbol.path, [shownSymbol(symbol)])
    else list.push(shownSymbol(symbol))
  }
  return byPath
}

function isInherentImpl({ symbol_type: type, path }: Symbol): boolean {
  return type === 'impl' && !path.slice(path.lastIndexOf('impl ')).includes(' for ')
}

/** One path may name several symbols (`#[cfg]`, impls of two types): equal ones belong together, then those of one kind, then the rest in order. */
function paired(
  olds: readonly ShownSymbol[],
  news: readonly ShownSymbol[],
): { pairs: [ShownSymbol, ShownSymbol][]; gone: ShownSymbol[]; come: ShownSymbol[] } {
  const pairs: [ShownSymbol, ShownSymbol][] = []
  let gone = [...olds]
  const come = [...news]
  const isEqual = (a: ShownSymbol, b: ShownSymbol): boolean => DIFFERENCES.every((key) => a[key] === b[key])
  const isSameKind = (a: ShownSymbol, b: ShownSymbol): boolean => a.symbol_type === b.symbol_type
  for (const fits of [isEqual, isSameKind, () => true]) {
    gone = gone.filter((old) => {
      const at = come.findIndex((now) => fits(old, now))
      const [now] = at < 0 ? [] : come.splice(at, 1)
      if (now !== undefined) pairs.push([old, now])
      return now === undefined
    })
  }
  return { pairs, gone, come }
}
