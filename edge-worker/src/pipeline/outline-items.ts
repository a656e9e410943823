import type { ChunkFields } from '@doctown/common/contracts/chunk.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'
import { outlineLines, type OutlinedDefinition } from './line-outline.js'
import type { ReadItem } from './search-items.js'

/** Of a long body this much is read: 200 lines or so. */
export const MAX_BODY = 12_000
/** Lines that the header of a definition may take. */
const MOST_HEAD_LINES = 8

/** The definitions of a file in a language that has no folder as search items, and the lines (from, to; from 0) that belong to none. */
export function outlineItems(
  file: string,
  lines: readonly string[],
): {
  readonly items: ReadItem[]
  readonly outside: [number, number][]
} {
  const definitions = outlineLines(file, lines)
  const test = isTestPath(file)
  const members = new Map<number, OutlinedDefinition[]>()
  const paths: string[] = []
  const items: ReadItem[] = []
  for (const definition of definitions) {
    const siblings = members.get(definition.parent)
    if (siblings === undefined) members.set(definition.parent, [definition])
    else siblings.push(definition)
  }
  for (const [at, definition] of definitions.entries()) {
    const { name, type, docsLine, headLine, lastLine, parent } = definition
    const path = parent === -1 ? '' : (paths[parent] ?? '')
    paths.push(path === '' ? name : `${path}::${name}`)
    const bodyLine = headEnd(lines, headLine, lastLine)
    const head = lines.slice(headLine, bodyLine).join('\n').trim()
    const body = bodyOf(lines, bodyLine, lastLine, members.get(at) ?? []).slice(0, MAX_BODY)
    const docs = withoutMarks(lines.slice(docsLine, headLine))
    const fields: ChunkFields = { name, path, head, body, docs, marks: [`kind:${type}`] }
    items.push({
      item: {
        symbol_id: null,
        name,
        symbol_type: type,
        path,
        file,
        start_line: headLine + 1,
        end_line: lastLine + 1,
        // Every language says it in another way; what says "private" is not.
        public: !test && !/\b(?:private|fileprivate|internal|defp|local)\b/.test(head) && !name.startsWith('_'),
        test,
        implementation: false,
        head,
        body,
        docs,
      },
      fields,
    })
  }
  return { items, outside: gaps(lines.length, members.get(-1) ?? []) }
}

/** The line behind the header: where its brackets are closed, or a block opens. */
function headEnd(lines: readonly string[], from: number, last: number): number {
  let depth = 0
  for (let at = from; at <= Math.min(last, from + MOST_HEAD_LINES - 1); at++) {
    for (const letter of lines[at]!) {
      if (letter === '(') depth += 1
      else if (letter === ')') depth -= 1
    }
    if (depth <= 0) return at + 1
  }
  return from + 1
}

/** Its own lines; of what it holds the headers alone, because that is found by itself. */
function bodyOf(lines: readonly string[], from: number, last: number, members: readonly OutlinedDefinition[]): string {
  const kept: string[] = []
  let at = from
  for (const { docsLine, headLine, lastLine } of members) {
    for (; at < docsLine; at++) kept.push(lines[at]!)
    kept.push(lines[headLine]!)
    at = Math.max(at, lastLine + 1)
  }
  for (; at <= last; at++) kept.push(lines[at]!)
  return kept.join('\n').trim()
}

const withoutMarks = (lines: readonly string[]): string =>
  lines
    .map((line) =>
      line
        .replace(/^\s*(?:\/{2,}!?|\/\*\*?|\*\/|\*|#+|-{2,}\|?|;+|%+|"""|@(?:doc|moduledoc|spec)\b(?:\s*~[sS])?\s*(?:""")?)\s?/, '')
        .replace(/\*\/\s*$/, ''),
    )
    .join('\n')
    .trim()

function gaps(count: number, tops: readonly OutlinedDefinition[]): [number, number][] {
  const found: [number, number][] = []
  let at = 0
  for (const { docsLine, lastLine } of tops) {
    if (docsLine > at) found.push([at, docsLine])
    at = Math.max(at, lastLine + 1)
  }
  if (at < count) found.push([at, count])
  return found
}
