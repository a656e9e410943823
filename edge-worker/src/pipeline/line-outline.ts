import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import { CUSTOMS, type Customs } from './outline-customs.js'

/** A definition in a file of a language that has no folder. Lines count from 0; the last one belongs to it. */
export interface OutlinedDefinition {
  readonly name: string
  readonly type: SymbolType
  /** First line of the comments and annotations above it. */
  readonly docsLine: number
  readonly headLine: number
  readonly lastLine: number
  /** Index of the definition that it lies in, -1 at the top. */
  readonly parent: number
}

/** Lines that are read; a file longer than this is data. */
const MOST_LINES = 50_000
/** A line longer than this is no definition that a person wrote, and expensive to look at. */
const LONGEST_LINE = 400
const TAB = 4
const MOST_COMMENT_LINES = 60

const COMMENT = /^\s*(?:\/\/|\/\*|\*|#(?!\[|!)|--|;|%|\(\*|\{-|"""|'''|=begin|=end)/
const ANNOTATION = /^\s*(?:@[\w.:]|\[[\w.]|#\[)/
/** What may follow a block at its own depth and still belong to it. */
const CLOSING = /^\s*(?:[}\])]|end\b|END\b|fi\b|done\b|esac\b)/
const GOES_ON = /^\s*(?:\{|\)|\]|(?:else|elsif|elif|rescue|ensure|catch|finally|after|where|then|do|begin|in|with|is|as)\b|=>|->|=|:(?!:))/

/** Whether files of this path can be read so. */
export const hasOutline = (path: string): boolean => customsOf(path) !== undefined

/**
 * Definitions by the look of their lines: a keyword or a type, a name, and a block that stands further in than its first line. No grammar, so
 * it can be wrong; what it does not see stays text. In the order of the file, the inner after the one that holds it.
 */
export function outlineLines(path: string, lines: readonly string[]): OutlinedDefinition[] {
  const customs = customsOf(path)
  if (customs === undefined || lines.length > MOST_LINES) return []
  const isFlat = customs.flat === true
  const depths = lines.map(depthOf)
  const found: { name: string; type: SymbolType; docsLine: number; headLine: number; lastLine: number; parent: number }[] = []
  const open: number[] = []
  for (let at = 0; at < lines.length; at++) {
    while (open.length > 0 && found[open.at(-1)!]!.lastLine < at) open.pop()
    const parent = open.at(-1) ?? -1
    const matched = matchLine(lines[at]!, customs, parent === -1 || HOLDS_MEMBERS.has(found[parent]!.type))
    if (matched === null) continue
    const last = found.at(-1)
    // Clauses and the signature of one function are one definition.
    if (isFlat && last?.name === matched.name && last.parent === parent) continue
    // What a function defines inside is part of how it works.
    if (parent !== -1 && !HOLDS_MEMBERS.has(found[parent]!.type)) continue
    const type = matched.type === 'function' && parent !== -1 && METHOD_HOLDERS.has(found[parent]!.type) ? 'method' : matched.type
    if (!isFlat) open.push(found.length)
    found.push({
      name: matched.name,
      type,
      docsLine: docsAbove(lines, at, depths),
      headLine: at,
      lastLine: isFlat ? at : blockEnd(lines, at, depths),
      parent,
    })
  }
  if (isFlat)
    for (const [i, definition] of found.entries()) {
      const next = found[i + 1]?.docsLine ?? lines.length
      definition.lastLine = lastFilled(lines, definition.headLine, next - 1)
    }
  return found
}

const HOLDS_MEMBERS: ReadonlySet<SymbolType> = new Set<SymbolType>([
  'class',
  'struct',
  'enum',
  'interface',
  'trait',
  'impl',
  'module',
  'type_alias',
])
const METHOD_HOLDERS: ReadonlySet<SymbolType> = new Set<SymbolType>(['class', 'struct', 'enum', 'interface', 'trait', 'impl'])

const customsOf = (path: string): Customs | undefined => CUSTOMS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]

function matchLine(line: string, { definitions }: Customs, isMemberPlace: boolean): { name: string; type: SymbolType } | null {
  if (line.length > LONGEST_LINE || line.trim() === '' || COMMENT.test(line)) return null
  for (const { line: pattern, type, isMember = false } of definitions) {
    if (isMember && !isMemberPlace) continue
    const name = pattern.exec(line)?.groups?.['name']
    if (name !== undefined) return { name: name.replaceAll('`', ''), type }
  }
  return null
}

/** Columns before the first letter; -1 for an empty line. */
function depthOf(line: string): number {
  let depth = 0
  for (const letter of line) {
    if (letter === ' ') depth += 1
    else if (letter === '\t') depth += TAB
    else return depth
  }
  return -1
}

function blockEnd(lines: readonly string[], head: number, depths: readonly number[]): number {
  const own = depths[head]!
  let last = head
  for (let at = head + 1; at < lines.length; at++) {
    const depth = depths[at]!
    if (depth === -1) continue
    if (depth < own) break
    if (depth === own) {
      const text = lines[at]!
      if (GOES_ON.test(text) && !isOneLiner(lines[head]!)) {
        last = at
        continue
      }
      if (CLOSING.test(text) && !isOneLiner(lines[head]!)) last = at
      break
    }
    last = at
  }
  return last
}

/** Closed, or ended, on its own line. */
const isOneLiner = (line: string): boolean => /(?:;|\bend)\s*$/.test(line) || /\{.*\}\s*$/.test(line)

function docsAbove(lines: readonly string[], head: number, depths: readonly number[]): number {
  let first = head
  let inText = false
  for (let at = head - 1; at >= 0 && head - at <= MOST_COMMENT_LINES; at--) {
    const line = lines[at]!
    // Elixir's `@doc """ ... """`, Julia's without a word before it; elsewhere such a text is a value.
    if (inText) {
      if (!/"""/.test(line)) continue
      if (!/^\s*(?:@.*)?"""/.test(line)) break
      inText = false
      first = at
      continue
    }
    if (/^\s*"""\s*$/.test(line)) {
      inText = true
      continue
    }
    if (depths[at] === -1 || !(COMMENT.test(line) || ANNOTATION.test(line))) break
    first = at
  }
  return first
}

function lastFilled(lines: readonly string[], from: number, to: number): number {
  let last = to
  while (last > from && lines[last]!.trim() === '') last--
  return last
}
