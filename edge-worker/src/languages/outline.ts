import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { SyntaxRange } from '@doctown/common/contracts/parsed-file.js'
import type { Parameter, Symbol, SymbolType } from '@doctown/common/contracts/symbol.js'
import { lineIndex } from '@doctown/common/runtime/line-index.js'
import { limitedDocs, limitedSignature, oneLine, shortSegment } from './written-text.js'

/** One definition of a file as its language's reader found it, in source order, the inner after the one that holds it. Offsets are UTF-16. */
export interface OutlineItem {
  readonly name: string
  readonly type: SymbolType
  /** Docs, comments and attributes included. */
  readonly start: number
  readonly head: number
  /** First token of the body or of the value, or `end`. */
  readonly body: number
  readonly end: number
  /** Index of the item that this one belongs to, -1 at the top of the file. Of a Go method its receiver's type, which may come later. */
  readonly parent: number
  /** What stands before its name in its path, where that is not the path of `parent`: the receiver of a Go method. */
  readonly prefix?: string
  readonly signature: string
  readonly parameters: readonly Parameter[]
  readonly returnType: string | null
  readonly docs: string | null
  readonly attributes: readonly string[]
  readonly visibility: string
  readonly isPublic: boolean
}

export interface OutlineInput {
  readonly file: string
  readonly text: string
  readonly language: string
  readonly items: readonly OutlineItem[]
  /** Between the names of a path: `.` or `::`. */
  readonly separator: string
  /** What every path begins with, and no id does: the module's name. */
  readonly module: string
  /** Of each item the places in its body where a chunk may be cut. */
  readonly cuts: readonly (readonly number[])[]
  readonly diagnostics: Diagnostic[]
}

/** One symbol and one range an item, in the order of the items. Ids are `<file>#<path in the file>`, `~2` for the second of one path. */
export function symbolsOfOutline(input: OutlineInput): { readonly symbols: Symbol[]; readonly ranges: SyntaxRange[] } {
  const { file, items, separator } = input
  const lineAt = lineIndex(input.text)
  const seen = new Map<string, number>()
  const paths: string[] = []
  const symbols: Symbol[] = []
  const ranges: SyntaxRange[] = []
  const join = (before: string, after: string): string => (before === '' ? after : `${before}${separator}${after}`)

  for (const [index, item] of items.entries()) {
    const path = join(item.prefix ?? paths[item.parent] ?? '', shortSegment(item.name))
    paths.push(path)
    const count = (seen.get(path) ?? 0) + 1
    seen.set(path, count)
    const line = lineAt(item.head)
    const signature = limitedSignature(oneLine(item.signature))
    const docs = item.docs === null ? { text: null, cut: false } : limitedDocs(item.docs)
    const tell = (code: Diagnostic['code'], what: string, bytes: number): void => {
      const message = `The ${what} of ${item.name.slice(0, 100)} is longer than ${bytes / 1024} KiB; the rest is left out.`
      input.diagnostics.push({ file, line, code, message })
    }
    if (signature.cut) tell('signature_cut', 'signature', LIMITS.signatureBytes)
    if (docs.cut) tell('docs_cut', 'documentation', LIMITS.docBytes)
    // `as`: an id is made of the file and the path in it.
    const id = `${file}#${path}${count > 1 ? `~${count}` : ''}` as SymbolId
    symbols.push({
      id,
      name: item.name,
      symbol_type: item.type,
      visibility: item.visibility,
      signature: signature.text,
      parameters: [...item.parameters],
      return_type: item.returnType,
      file,
      line,
      end_line: lineAt(Math.max(item.end - 1, item.head)),
      doc_comments: docs.text === '' ? null : docs.text,
      attributes: item.attributes.map(oneLine),
      dependencies: [],
      language: input.language,
      container: null,
      path: join(input.module, path),
      definition_path: join(input.module, path),
      doc_links: [],
      is_public_api: item.isPublic,
      in_macro: false,
    })
    ranges.push({ symbol_id: id, start: item.start, head: item.head, body: item.body, end: item.end, cuts: [...(input.cuts[index] ?? [])] })
  }
  const placed = symbols.map((symbol, index) => ({ ...symbol, container: symbols[items[index]?.parent ?? -1]?.id ?? null }))
  return { symbols: placed, ranges }
}
