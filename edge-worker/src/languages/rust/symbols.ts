import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { docAttributeText } from './attributes.js'
import { docText } from './docs.js'
import { oneLine } from '../written-text.js'
import { idSegment, memberPrefix, symbolTypeOf } from './item-names.js'
import { lineIndex } from '@doctown/common/runtime/line-index.js'
import type { ModulePlace } from './module-path.js'
import { signatureOf } from './signature.js'
import type { Item } from './walk-items.js'

export interface SymbolsInput {
  readonly file: string
  readonly text: string
  readonly language: string
  readonly items: readonly Item[]
  readonly place: ModulePlace
  readonly diagnostics: Diagnostic[]
}

/** One symbol an item, in the order of the items. */
export function symbolsOf(input: SymbolsInput): Symbol[] {
  const { file, text, items, place } = input
  const lineAt = lineIndex(text)
  const attributes = items.map((item) => attributesOf(item, text))
  const modulePath = place.modules.join('::')
  const seen = new Map<string, number>()
  /** Of each item the path that its members begin with, without the file. */
  const prefixes: string[] = []
  const symbols: Symbol[] = []

  for (const [index, item] of items.entries()) {
    const parent = items[item.parent]
    const outer = item.parent === -1 ? modulePath : (prefixes[item.parent] ?? '')
    const path = join(outer, idSegment(item))
    prefixes.push(join(outer, memberPrefix(item)))
    const count = (seen.get(path) ?? 0) + 1
    seen.set(path, count)
    const line = lineAt(item.head)
    const signature = signatureOf(item, text)
    const docs = docText(text, [...item.before, ...item.inside])
    if (signature.cut) input.diagnostics.push({ file, line, code: 'signature_cut', message: cutMessage(item, LIMITS.signatureBytes) })
    if (docs.cut) input.diagnostics.push({ file, line, code: 'docs_cut', message: cutMessage(item, LIMITS.docBytes) })
    symbols.push({
      // `as`: the one place where ids of Rust symbols are made.
      id: `${file}#${path}${count > 1 ? `~${count}` : ''}` as SymbolId,
      name: item.header.name,
      symbol_type: symbolTypeOf(item, parent),
      visibility: item.header.visibility ?? 'inherited',
      signature: signature.text,
      parameters: [...item.header.parameters],
      return_type: item.header.returnType,
      file,
      line,
      end_line: lineAt(Math.max(item.end - 1, item.head)),
      doc_comments: docs.text,
      attributes: attributes[index] ?? [],
      dependencies: [],
      language: input.language,
      container: symbols[item.parent]?.id ?? null,
      path: join(place.crate, path),
      definition_path: join(place.crate, path),
      // For the graph stage to say: it takes the whole repository to know.
      is_public_api: false,
      in_macro: item.inMacro,
      doc_links: [],
    })
  }
  return symbols
}

function join(before: string, after: string): string {
  return before === '' ? after : after === '' ? before : `${before}::${after}`
}

/** As written, those that are documentation left out. */
function attributesOf(item: Item, text: string): string[] {
  return item.before.flatMap((trivia) => {
    if (trivia.kind !== 'attribute') return []
    const written = text.slice(trivia.start, trivia.end)
    return docAttributeText(written) === null ? [oneLine(written)] : []
  })
}

function cutMessage(item: Item, bytes: number): string {
  const name = item.header.name.slice(0, 100)
  return `${bytes === LIMITS.signatureBytes ? 'The signature' : 'The documentation'} of ${name} is longer than ${bytes / 1024} KiB; the rest is left out.`
}
