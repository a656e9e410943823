/** What the tags of a JSDoc comment tell of types, which are JavaScript's only way to write one. */
export interface DocumentedTypes {
  readonly parameters: ReadonlyMap<string, string>
  readonly returns: string | null
  /** `@type {Options[]}` */
  readonly type: string | null
}

const NOTHING: DocumentedTypes = { parameters: new Map(), returns: null, type: null }

/** Never throws; reads `{..}` with one level of braces inside. */
export function documentedTypes(docs: string | null | undefined): DocumentedTypes {
  if (docs == null || !docs.includes('@')) return NOTHING
  const parameters = new Map<string, string>()
  for (const [, type, name] of docs.matchAll(PARAM)) {
    if (type !== undefined && name !== undefined && !parameters.has(name)) parameters.set(name, plain(type))
  }
  return { parameters, returns: first(RETURNS, docs), type: first(TYPE, docs) }
}

// Bounded, so that a comment of nothing but braces is read in linear time.
const BRACES = String.raw`\{((?:[^{}\n]|\{[^{}\n]{0,200}\}){1,200})\}`
const PARAM = new RegExp(String.raw`@(?:param|arg|argument)\s+${BRACES}\s+\[?([\w$]+)(?![\w$.[])`, 'g')
const RETURNS = new RegExp(String.raw`@returns?\s+${BRACES}`)
const TYPE = new RegExp(String.raw`@type\s+${BRACES}`)

function first(pattern: RegExp, docs: string): string | null {
  const type = pattern.exec(docs)?.[1]
  return type === undefined ? null : plain(type)
}

/** `{...string}` is a list, `{string=}` one that may be missing. */
function plain(type: string): string {
  return type
    .trim()
    .replace(/=$/, '')
    .replace(/^\.\.\.\s*(.+)$/, '$1[]')
}
