import type { ChunkFields } from '../../contracts/chunk.js'

/**
 * What the built-in model reads of a query and of a code item. `edge-worker/training/table_features.py` is the other side of
 * this file: the two agree token for token, because a weight learnt for one token helps no other.
 */
export interface DocumentWords {
  readonly name: readonly string[]
  readonly path: readonly string[]
  readonly head: readonly string[]
  readonly body: readonly string[]
  readonly marks: readonly string[]
  readonly docs: readonly string[]
}

/** Last words of the container's path. */
const PATH_WORDS = 8
/** First words of the text up to the body. */
const HEAD_WORDS = 80
/** Distinct words of the body; the rest of a long one says little more. */
const BODY_WORDS = 60
/** First words of the documentation. */
const DOCS_WORDS = 120

/** `HTTPServer2` gives `http`, `server`, `2`. ASCII only, as in training. */
export function subWords(text: string, limit = Infinity): string[] {
  const words: string[] = []
  for (const match of text.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g)) {
    if (words.length >= limit) break
    words.push(match[0].toLowerCase())
  }
  return words
}

/** Words, pairs of neighbours (`number_of`), the first word (`^returns`), and whole names that are written out (`<n:with_capacity>`). */
export function queryTokens(text: string, limit = Infinity): string[] {
  const words = subWords(text, limit)
  const tokens = [...words]
  for (let i = 1; i < words.length; i++) tokens.push(`${words[i - 1]}_${words[i]}`)
  if (words.length > 0) tokens.push(`^${words[0]}`)
  for (const [identifier] of text.matchAll(/[A-Za-z0-9_]+/g)) if (identifier.includes('_')) tokens.push(`<n:${identifier.toLowerCase()}>`)
  return tokens
}

export function documentWords(fields: ChunkFields): DocumentWords {
  return {
    name: subWords(fields.name),
    path: subWords(fields.path).slice(-PATH_WORDS),
    head: subWords(fields.head, HEAD_WORDS),
    body: distinctUpTo(fields.body, BODY_WORDS),
    marks: marksOf(fields),
    docs: fields.docs === '' ? [] : queryTokens(fields.docs.slice(0, DOCS_WORDS * 16), DOCS_WORDS),
  }
}

/** A text of unknown make: what comes before the first brace is taken for the head. */
export function fieldsOfText(text: string): ChunkFields {
  const brace = text.indexOf('{')
  return {
    name: '',
    path: '',
    head: brace < 0 ? text : text.slice(0, brace),
    body: brace < 0 ? '' : text.slice(brace),
    docs: '',
    marks: [],
  }
}

/** Words in their order, repeated as they are, up to the first word that would be one distinct word too many. */
function distinctUpTo(text: string, limit: number): string[] {
  const seen = new Set<string>()
  const words: string[] = []
  for (const match of text.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g)) {
    const word = match[0].toLowerCase()
    if (!seen.has(word)) {
      if (seen.size === limit) break
      seen.add(word)
    }
    words.push(word)
  }
  return words
}

/** The benchmark's kinds, on which the table was trained, for ours. */
const TRAINED_KIND: Readonly<Record<string, string>> = { function: 'fn', type_alias: 'type' }

/** Marks in the table's spelling: those that the chunk carries and, for a Rust function, those read off its head. */
function marksOf(fields: ChunkFields): string[] {
  const marks = new Set<string>()
  for (const mark of fields.marks) {
    const kind = /^kind:(.*)$/.exec(mark)?.[1]
    marks.add(kind === undefined ? `<${mark.toLowerCase()}>` : `<kind:${TRAINED_KIND[kind] ?? kind}>`)
  }
  // Rust is read off the head as in training; of other languages the chunk's own marks say what there is to say.
  if (/\bfn\b/.test(fields.head) && (marks.has('<kind:fn>') || marks.has('<kind:method>')))
    for (const mark of functionMarks(fields.head)) marks.add(mark)
  if (fields.name.includes('_')) marks.add(`<n:${fields.name.toLowerCase()}>`)
  return [...marks]
}

const RECEIVER = /^\s*(&?)\s*(?:'\w+\s+)?(mut\s+)?self\b/
const RETURN =
  /->\s*(&?)\s*(?:'\w+\s+)?(mut\s+)?(?:impl\s+|dyn\s+)?([A-Za-z0-9_:]+)\s*(<?)\s*(&?)\s*(?:'\w+\s*,?\s*)?(?:mut\s+)?([A-Za-z0-9_:]*)/g

/** Qualifiers, receiver, return type and its first argument, `<self:mut> <ret:option> <ret<string>`. */
function functionMarks(head: string): string[] {
  const marks: string[] = []
  const fn = /\bfn\b/.exec(head)
  const qualifiers = fn === null ? '' : head.slice(0, fn.index)
  for (const word of ['async', 'unsafe', 'const']) if (new RegExp(`\\b${word}\\b`).test(qualifiers)) marks.push(`<${word}>`)

  const opened = head.indexOf('(')
  const receiver = opened < 0 ? null : RECEIVER.exec(head.slice(opened + 1))
  if (receiver === null) marks.push('<self:none>')
  else if (receiver[1] === '') marks.push('<self:own>')
  else marks.push(receiver[2] === undefined ? '<self:ref>' : '<self:mut>')

  // The last arrow before the where clause: earlier ones belong to closures in the parameters.
  const arrow = [...(head.split(/\bwhere\b/)[0] ?? '').matchAll(RETURN)].at(-1)
  if (arrow === undefined) return [...marks, '<ret:none>']
  const [, borrowed, mutable, type = '', opens, , argument = ''] = arrow
  if (borrowed !== '') marks.push(mutable === undefined ? '<ret:&>' : '<ret:&mut>')
  marks.push(`<ret:${lastSegment(type)}>`)
  if (opens !== '' && argument !== '') marks.push(`<ret<${lastSegment(argument)}>`)
  return marks
}

const lastSegment = (path: string): string => (path.split('::').at(-1) ?? '').toLowerCase()
