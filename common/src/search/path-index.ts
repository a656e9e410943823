import type { SearchItem } from './item.js'

/** Files that a query names, as `src/gz/read.rs`, `read.rs` or `lib/cluster`. */
export interface PathIndex {
  /** How surely each item's file is named, 0 to 1, written to `named`; `false` when the query names none. */
  match(query: string, named: Float32Array): boolean
}

/** Something with a slash, or a name with an ending. */
const WRITTEN_PATH = /[\p{L}\p{N}_.@+-]+(?:[/\\][\p{L}\p{N}_.@+-]+)+|[\p{L}\p{N}_@+-][\p{L}\p{N}_.@+-]*\.\p{L}[\p{L}\p{N}]{0,7}/gu
const MOST_PATHS = 8
const MOST_WORDS_BESIDE = 5

export function createPathIndex(items: readonly SearchItem[]): PathIndex {
  const numbers = new Map<string, number>()
  const fileOf = Int32Array.from(items, ({ file }) => numbers.get(file) ?? (numbers.set(file, numbers.size), numbers.size - 1))
  // With a slash on both sides, so that names are whole.
  const paths = [...numbers.keys()].map((file) => `/${file.toLowerCase()}/`)
  return {
    match(query, named) {
      const written = [...new Set(query.match(WRITTEN_PATH))].slice(0, MOST_PATHS).map((path) => trimmed(path))
      if (written.length === 0) return false
      // In a longer sentence a bare name is often part of the story: "walk up until tasks.py turns up".
      const bare = query.trim().split(/\s+/).length > MOST_WORDS_BESIDE ? 0.1 : 1
      const values = paths.map((path) => Math.max(...written.map((wanted) => closeness(path, wanted) * (isBare(wanted) ? bare : 1))))
      if (!values.some((value) => value > 0)) return false
      for (let item = 0; item < named.length; item++) named[item] = values[fileOf[item]!]!
      return true
    },
  }
}

const trimmed = (path: string): string =>
  `/${path
    .toLowerCase()
    .replaceAll('\\', '/')
    .replace(/^[./]+|[./]+$/g, '')}`

const isBare = (wanted: string): boolean => wanted.indexOf('/', 1) === -1

/** A whole path or its end is the file; without its ending nearly so; a folder on the way to it less. */
function closeness(path: string, wanted: string): number {
  if (wanted === '/') return 0
  if (path.endsWith(`${wanted}/`)) return 1
  if (isBare(wanted)) return 0
  const at = path.indexOf(`${wanted}.`)
  if (at !== -1 && !path.slice(at + wanted.length, -1).includes('/')) return 0.8
  return path.includes(`${wanted}/`) ? 0.5 : 0
}
