import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SearchText } from '@doctown/common/contracts/search-text.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { digestText } from '@doctown/common/search/digest.js'
import { setImmediate as turn } from 'node:timers/promises'
import { searchItemsOf, type ReadItem } from './search-items.js'

/** Of a text of an item this much is kept in the docpack: the words of some 150 lines. */
const MAX_BYTES = { head: 1024, body: 4096, docs: 2048 } as const
/** The event loop gets a turn after this many UTF-16 units of source. */
const TURN_AFTER = 256 * 1024

/**
 * What search reads of every symbol and of what stands outside them, in the order of the files. `symbols` are those of the files as all files together
 * tell of them: by their public paths. Throws the signal's reason.
 */
export async function searchTextsOf(files: readonly ParsedFile[], symbols: readonly Symbol[], signal: AbortSignal): Promise<SearchText[]> {
  const known = new Map(symbols.map((symbol) => [symbol.id, symbol]))
  const texts: SearchText[] = []
  let unturned = 0
  for (const file of files) {
    const resolved = { ...file, symbols: file.symbols.map((symbol) => known.get(symbol.id) ?? symbol) }
    for (const read of searchItemsOf(resolved)) texts.push(textOf(read))
    unturned += file.text.length
    if (unturned < TURN_AFTER) continue
    unturned = 0
    await turn()
    signal.throwIfAborted()
  }
  return texts
}

function textOf({ item }: ReadItem): SearchText {
  const isRust = item.file.endsWith('.rs')
  const digest = (text: string, maxBytes: number): string => digestText(text, { maxBytes, isRust })
  return {
    // An item's symbol is one of the file's.
    symbol_id: item.symbol_id as SearchText['symbol_id'],
    path: item.path,
    head: digest(item.head, MAX_BYTES.head),
    body: digest(item.body, MAX_BYTES.body),
    docs: digest(item.docs, MAX_BYTES.docs),
    test: item.test,
    ...(item.symbol_id === null ? { file: item.file, start_line: item.start_line, end_line: item.end_line } : {}),
  }
}
