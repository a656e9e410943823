import type { Chunk, ChunkFields } from '@doctown/common/contracts/chunk.js'
import type { ChunkId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile, SyntaxRange } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { linesOf, type Lines } from './lines.js'
import { marksOf } from './marks.js'
import type { Meter } from './meter.js'
import { pack, textOf, type Packed } from './pack.js'
import { containerUnits, CONTAINERS, sourceUnits } from './symbol-units.js'

/** The chunks of one file: of each symbol, in source order, at least one. */
export function* chunksOfFile(parsed: ParsedFile, meter: Meter): Generator<Chunk> {
  const lines = linesOf(parsed.text)
  const members = membersOf(parsed)
  for (const [index, symbol] of parsed.symbols.entries()) {
    const range = parsed.ranges[index]
    if (range === undefined) continue
    const own = members.get(symbol.id) ?? []
    const container = CONTAINERS.has(symbol.symbol_type)
    const packed = container ? packContainer(symbol, own, meter) : packSource(symbol, parsed, range, own, lines, meter)
    const base = fieldsOf(symbol, parsed.text, range)
    for (const [n, { text, units }] of packed.entries()) {
      const shown = units.some((unit) => unit.text.trim() !== '') ? units.filter((unit) => unit.text.trim() !== '') : units
      const body = units.flatMap((unit) => (unit.part === 'body' ? [unit.text] : [])).join('')
      yield {
        // `as`: the one place where ids of chunks are made.
        chunk_id: `${symbol.id}@${n}` as ChunkId,
        symbol_id: symbol.id,
        file: parsed.file,
        start_line: container ? lines.at(range.start) : (shown[0]?.startLine ?? symbol.line),
        end_line: container ? symbol.end_line : (shown.at(-1)?.endLine ?? symbol.end_line),
        text,
        fields: { ...base, body: body.trim(), docs: n === 0 ? (symbol.doc_comments ?? '') : '' },
        tokens: meter.tokens(text),
      }
    }
  }
}

interface Member {
  readonly symbol: Symbol
  readonly range: SyntaxRange
}

function membersOf(parsed: ParsedFile): Map<string, Member[]> {
  const members = new Map<string, Member[]>()
  for (const [index, symbol] of parsed.symbols.entries()) {
    const range = parsed.ranges[index]
    if (symbol.container === null || range === undefined) continue
    const list = members.get(symbol.container)
    if (list === undefined) members.set(symbol.container, [{ symbol, range }])
    else list.push({ symbol, range })
  }
  return members
}

function packSource(
  symbol: Symbol,
  parsed: ParsedFile,
  range: SyntaxRange,
  inner: readonly Member[],
  lines: Lines,
  meter: Meter,
): Packed[] {
  // A field says little without its struct, and a struct nothing without its fields.
  const holes = inner.flatMap((member) => (member.symbol.symbol_type === 'field' ? [] : [member.range]))
  const units = sourceUnits(parsed, range, holes, lines)
  const packed = pack(units, symbol.path, meter)
  return packed.length > 0 ? packed : [nameAlone(symbol, units, meter)]
}

/** Docs and header; of the members' headers as many as still fit beside them. */
function packContainer(symbol: Symbol, inner: readonly Member[], meter: Meter): Packed[] {
  const units = containerUnits(
    symbol,
    inner.map((member) => member.symbol),
  )
  const whole = pack([...units.own, ...units.members], symbol.path, meter)
  if (whole.length === 1) return whole
  const packed = pack(units.own, symbol.path, meter)
  const last = packed.pop()
  if (last === undefined) return [nameAlone(symbol, units.own, meter)]
  const prefix = last.text.startsWith(`${symbol.path}\n`) ? symbol.path : ''
  let low = 0
  let high = units.members.length
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (meter.fits(textOf(prefix, [...last.units, ...units.members.slice(0, middle)]))) low = middle
    else high = middle - 1
  }
  const kept = [...last.units, ...units.members.slice(0, low)]
  return [...packed, low === 0 ? last : { text: textOf(prefix, kept), units: kept }]
}

/** For windows in which nothing of the symbol's text fits: as much of its name as does. */
function nameAlone(symbol: Symbol, units: Packed['units'], meter: Meter): Packed {
  return { text: meter.fits(symbol.name) ? symbol.name : '…', units: units.slice(0, 1) }
}

/** A head of any length would fill the page; the model reads its first 80 words. */
const MAX_HEAD = 4096

/** The parts of a symbol that do not depend on where its chunks end. */
export function fieldsOf(symbol: Symbol, text: string, range: SyntaxRange): Omit<ChunkFields, 'body' | 'docs'> {
  const head =
    symbol.symbol_type === 'struct' && text[range.body] === '(' ? text.slice(range.head, range.end) : text.slice(range.head, range.body)
  return { name: symbol.name, path: containerPath(symbol), head: head.slice(0, MAX_HEAD).trim(), marks: marksOf(symbol) }
}

/** `walkdir::<DirEntry as Clone>::clone` stands in `walkdir::DirEntry`, as its users say; `networkx.Graph.add_edge` in `networkx.Graph`. */
function containerPath(symbol: Symbol): string {
  const path = symbol.path.replace(/<(?:&\s*)?(?:'\w+\s+)?(?:mut\s+)?([^<>]*?)(?:<.*>)? as .*>(?=::)/, '$1')
  const before = path.endsWith(symbol.name) ? /^(.+?)[.#/]$/.exec(path.slice(0, -symbol.name.length))?.[1] : undefined
  if (before !== undefined) return before
  const name = path.endsWith(`::${symbol.name}`) ? symbol.name : path.slice(path.lastIndexOf('::impl ') + 2)
  return path.length > name.length + 2 ? path.slice(0, -(name.length + 2)) : ''
}
