import type { OpenedCrate } from './crate-index.js'
import type { PoolItem } from './retrieval-pool.js'

/** The pool item of each of a crate's items: by file and line where the pool tells them, else by name and code. */
export function matchPool({ read, parsed }: OpenedCrate, pool: readonly PoolItem[]): (string | null)[] {
  const byKey = new Map<string, PoolItem[]>()
  for (const item of pool) {
    const key = item.file === undefined ? keyOf(item.name, item.code_without_docs) : `${item.file} ${item.line} ${item.name}`
    byKey.set(key, [...(byKey.get(key) ?? []), item])
  }
  const texts = new Map<string, string>()
  for (const { symbols, ranges, text } of parsed)
    for (const [at, symbol] of symbols.entries()) {
      const range = ranges[at]
      if (range !== undefined) texts.set(symbol.id, text.slice(range.head, range.end))
    }
  return read.items.map(({ item }) => {
    if (item.symbol_id === null || item.test) return null
    const placed = [0, 1, 2, 3].flatMap((late) => byKey.get(`${item.file} ${item.start_line - late} ${item.name}`) ?? [])
    const same = byKey.get(keyOf(item.name, texts.get(item.symbol_id) ?? '')) ?? []
    const holder = item.path.slice(item.path.lastIndexOf('::') + 2)
    const found = placed[0] ?? same.find(({ path }) => path.split('::').at(-2) === holder) ?? same[0]
    return found?.id ?? null
  })
}

const keyOf = (name: string, code: string): string => `${name} ${code.replace(/\s+/g, '').slice(0, 400)}`
