import type { FileExports, ReExport } from '@doctown/common/contracts/file-exports.js'
import { lineIndex } from '@doctown/common/runtime/line-index.js'
import type { SymbolSpan } from '../language.js'
import type { SyntaxTable } from '../syntax-table.js'
import { oneLine } from '../written-text.js'
import { fileDocPieces } from './file-docs.js'
import { K } from './kinds.js'
import { externCrate, readMacroTokens, type MacroRegion } from './macro-tokens.js'
import { nesting } from './nesting.js'
import { tokensOf } from './tokens.js'
import { usedNames } from './use-tree.js'
import type { Item, MacroCall, Span } from './walk-items.js'
import { wrapperOf } from './wrappers.js'

export interface ExportsInput {
  readonly modulePath: string
  readonly table: SyntaxTable
  readonly root: number
  readonly text: string
  readonly items: readonly Item[]
  /** Of each item, in the same order. */
  readonly spans: readonly SymbolSpan[]
  /** Calls whose tokens hold items. */
  readonly macros: readonly MacroCall[]
}

/** Re-exports, the macro calls around items, and attributes that speak of a whole module. */
export function exportsOf({ modulePath, table, root, text, items, spans, macros }: ExportsInput): FileExports {
  const lineAt = lineIndex(text)
  const found = moduleLevel(table, root, text)
  const calls = new Map<number, FoundCall>(macros.map(({ start, end }) => [start, { start, end, attributes: [] }]))
  for (const call of found.calls) if (calls.has(call.start) || HOLDS_USE.test(text.slice(call.start, call.end))) calls.set(call.start, call)
  const regions: MacroRegion[] = []
  const re_exports: ReExport[] = []
  const ownerAt = nesting(spans)

  for (const { start, visibility, attributes, names } of found.uses) {
    for (const { path, alias } of names)
      re_exports.push({ from: ownerAt(start)?.id ?? null, line: lineAt(start), path: [...path], alias, visibility, attributes, macros: [] })
  }
  for (const call of [...calls.values()].sort((a, b) => a.start - b.start)) {
    const read = readMacroTokens(text, call)
    for (const region of read.regions) regions.push(region)
    for (const { start, visibility, attributes, names, region } of read.uses) {
      const said = [...region.attributes, ...attributes]
      const common = { from: ownerAt(start)?.id ?? null, line: lineAt(start), visibility, attributes: said, macros: [...region.macros] }
      for (const { path, alias } of names) re_exports.push({ ...common, path: [...path], alias })
    }
  }
  const regionAt = nesting(regions)
  const around = items.flatMap((item, index): FileExports['around'] => {
    const region = item.inMacro ? regionAt(item.head) : undefined
    const inside = item.inside.flatMap(({ kind, start, end }) => (kind === 'attribute' ? [oneLine(text.slice(start, end))] : []))
    const span = spans[index]
    if (span === undefined || (region === undefined && inside.length === 0)) return []
    return [{ symbol_id: span.id, macros: [...(region?.macros ?? [])], attributes: [...(region?.attributes ?? []), ...inside] }]
  })
  const wrappers = items.flatMap((item, index) => {
    const span = spans[index]
    const wrapper = item.type === 'macro_definition' && span !== undefined ? wrapperOf(text.slice(item.body, item.end)) : null
    return wrapper === null || span === undefined ? [] : [{ symbol_id: span.id, ...wrapper }]
  })
  const attributes = fileDocPieces(text).flatMap(({ kind, start, end }) => (kind === 'attribute' ? [oneLine(text.slice(start, end))] : []))
  return { module_path: modulePath, attributes, re_exports, around, wrappers }
}

const HOLDS_USE = /\bpub\b[^;{}]*\b(?:use|crate)\b/

interface FoundCall extends Span {
  readonly attributes: readonly string[]
}

interface FoundUse extends Span {
  readonly visibility: string
  readonly attributes: string[]
  readonly names: ReturnType<typeof usedNames>
}

/** The `pub use`s and the macro calls of a file and of its inline modules. */
function moduleLevel(table: SyntaxTable, root: number, text: string): { uses: FoundUse[]; calls: FoundCall[] } {
  const uses: FoundUse[] = []
  const calls: FoundCall[] = []
  const waiting = [root]
  for (let outer = waiting.pop(); outer !== undefined; outer = waiting.pop()) {
    let attributes: string[] = []
    for (let node = table.firsts[outer] as number; node !== 0; node = table.nexts[node] as number) {
      const kind = table.kinds[node] as number
      const start = table.starts[node] as number
      const end = table.ends[node] as number
      if (kind === K.attribute_item) {
        attributes.push(oneLine(text.slice(start, end)))
        continue
      }
      if (kind === K.use_declaration || kind === K.extern_crate_declaration) {
        const use = readUse(text, start, end)
        if (use !== null) uses.push({ start, end, attributes, ...use })
      } else if (kind === K.macro_invocation || table.childOfKind(node, K.macro_invocation) !== 0) calls.push({ start, end, attributes })
      else if (HOLDERS.has(kind)) waiting.push(node)
      attributes = []
    }
  }
  return { uses, calls }
}

/** What may hold re-exports and macro calls that make items. */
const HOLDERS: ReadonlySet<number> = new Set([K.mod_item, K.impl_item, K.trait_item, K.declaration_list])

function readUse(text: string, start: number, end: number): Pick<FoundUse, 'visibility' | 'names'> | null {
  if (!text.startsWith('pub', start)) return null
  const tokens = tokensOf(text, start, end)
  const at = tokens.findIndex(({ text: word }) => word === 'use' || word === 'extern')
  const rest = tokens.slice(at + 1).filter(({ text: word }) => word !== ';')
  const visibility = oneLine(text.slice(start, tokens[at - 1]?.end ?? start))
  return { visibility, names: tokens[at]?.text === 'use' ? usedNames(rest) : externCrate(rest.slice(1)) }
}
