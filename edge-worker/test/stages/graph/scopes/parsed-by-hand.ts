import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { ParsedFileSchema, type ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference, ValueBase, ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

export interface FileByHand {
  readonly file: string
  readonly language: string
  /** `method Reader.read(a: int, b) -> Line`; ` declared` after it: without a body. A dot makes it a member of what stands before. */
  readonly symbols?: readonly string[]
  /** What stands before the names in paths: `com.example`. */
  readonly prefix?: string
  /** What the file says of all its symbols; true when left out. */
  readonly isPublic?: boolean
  readonly references?: readonly (Partial<Omit<Reference, 'from'>> & { readonly from?: string | null })[]
  /** `Reader: field next = Reader`, `Box: generic T`, `Reader: supertrait Base`. */
  readonly facts?: readonly string[]
}

/** A parsed file as a language would give it, from a few words. */
export function byHand({
  file,
  language,
  symbols = [],
  prefix = '',
  isPublic = true,
  references = [],
  facts = [],
}: FileByHand): ParsedFile {
  const made = symbols.map((text, index) => symbolOf(text, index, { file, language, prefix, isPublic }))
  const parsed: ParsedFile = {
    file,
    language,
    text: '',
    file_docs: null,
    symbols: made.map(({ symbol }) => symbol),
    ranges: made.map(({ symbol, hasBody }) => ({ symbol_id: symbol.id, start: 0, head: 0, body: hasBody ? 1 : 2, end: 2, cuts: [] })),
    references: references.map((each) => ({
      kind: 'call',
      line: 1,
      path: [],
      receiver: null,
      args: [],
      type_args: [],
      alias: null,
      is_public: false,
      arity: each.args?.length ?? null,
      in_macro: false,
      ...each,
      from: each.from === undefined || each.from === null ? null : (`${file}#${each.from}` as SymbolId),
    })),
    type_facts: facts.map((text) => factOf(text, file)),
    diagnostics: [],
  }
  return ParsedFileSchema.parse(parsed)
}

/** A receiver: `type('this')`, `type('this', 'field')`. */
export const type = (text: string, ...fields: string[]): ValueOrigin =>
  origin(
    { kind: 'type', text },
    fields.map((field) => ({ field })),
  )
export const name = (path: string, ...fields: string[]): ValueOrigin =>
  origin(
    { kind: 'path', path: path.split('.') },
    fields.map((field) => ({ field })),
  )
export const result = (reference: number, ...steps: ValueStep[]): ValueOrigin => origin({ kind: 'result', reference }, steps)
export const origin = (base: ValueBase, steps: readonly ValueStep[] = []): ValueOrigin => ({ base, steps })

function symbolOf(
  text: string,
  index: number,
  { file, language, prefix, isPublic }: Required<Pick<FileByHand, 'file' | 'language' | 'prefix' | 'isPublic'>>,
) {
  const [, kind = '', path = '', parameters, returns, declared] =
    /^(\w+) ([\w.:~$#]+)(?:\((.*?)\))?(?: -> (.+?))?( declared)?$/.exec(text) ?? []
  const at = path.lastIndexOf('.')
  const container = at < 0 ? null : `${file}#${path.slice(0, at)}`
  const symbol: Symbol = {
    id: `${file}#${path}` as SymbolId,
    name: path.slice(at + 1).replace(/~\d+$/, ''),
    symbol_type: kind as Symbol['symbol_type'],
    visibility: 'inherited',
    signature: text,
    parameters: (parameters ?? '')
      .split(/,\s*/)
      .filter((each) => each !== '')
      .map((each) => ({ name: each.split(': ')[0] ?? '', param_type: each.split(': ')[1] ?? '' })),
    return_type: returns ?? null,
    file,
    line: index + 1,
    end_line: index + 1,
    doc_comments: null,
    attributes: [],
    dependencies: [],
    language,
    container: container as SymbolId | null,
    path: prefix === '' ? path : `${prefix}.${path}`,
    definition_path: prefix === '' ? path : `${prefix}.${path}`,
    doc_links: [],
    is_public_api: isPublic,
    in_macro: false,
  }
  return { symbol, hasBody: declared === undefined }
}

function factOf(text: string, file: string): ParsedFile['type_facts'][number] {
  const [, owner = '', kind = '', first = '', second = ''] = /^([\w.:]+): (\w+) (.+?)(?: = (.+))?$/.exec(text) ?? []
  const isTrait = kind === 'supertrait' || kind === 'generic'
  return {
    symbol_id: `${file}#${owner}` as SymbolId,
    kind: kind as 'field',
    name: kind === 'supertrait' ? '' : kind === 'alias' || kind === 'value' ? '' : first,
    type: kind === 'alias' || kind === 'value' ? first : isTrait ? '' : second,
    trait: kind === 'supertrait' ? first : isTrait ? second : null,
  }
}
