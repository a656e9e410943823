import type { Block } from './blocks.js'
import { plainInline } from './inline.js'

/** ``- `name`: what it is``, ``* name - what it is``, with or without emphasis. */
const ENTRY = /^[*_]*`?(?:&?(?:mut )?)([\p{L}_$][\p{L}\p{N}_$]*)`?[*_]*\s*(?:\([^)]*\))?\s*(?::|--?|–|—|\.)\s+([\s\S]+)$/u

/** Descriptions of parameters that lists in the comment give, by parameter name. Only names in `names` count. */
export function listedParameters(blocks: readonly Block[], names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const block of blocks) {
    if (block.kind !== 'list') continue
    for (const item of block.items) {
      const entry = ENTRY.exec(item)
      if (entry?.[1] !== undefined && names.has(entry[1]) && !found.has(entry[1])) found.set(entry[1], plainInline(entry[2] ?? ''))
    }
  }
  return found
}
