import type { Reference, ValueOrigin } from '@doctown/common/contracts/reference.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { SymbolSpan } from '../language.js'
import type { Place } from '../reading.js'
import { ReferenceList } from '../reference-list.js'
import type { SyntaxTable } from '../syntax-table.js'
import type { MacroTrees } from './macro-trees.js'

/** Tokens of macro calls are parsed again, those of a macro in a macro once more: bounded by this many times the file's length. */
const REPARSED_SHARE = 6

/** Methods whose result is whatever is asked for. */
const CONVERSIONS = new Set(['collect', 'sum', 'product'])

/** What is being read of a Rust file, by nodes of its table, tokens of macro calls included. */
export class RustReading extends ReferenceList {
  readonly table: SyntaxTable
  /** How many expressions stand around what is being read, those around its macro call included. */
  depth = 0
  private reparseBudget: number

  constructor(
    private readonly trees: MacroTrees,
    spans: readonly SymbolSpan[],
  ) {
    super(trees.text, spans)
    this.table = trees.table
    this.reparseBudget = trees.text.length * REPARSED_SHARE
  }

  slice(node: number): string {
    return this.text.slice(this.table.starts[node], this.table.ends[node])
  }

  /** The first UTF-16 unit of a node. */
  firstUnit(node: number): number {
    return this.text.charCodeAt(this.table.starts[node] as number)
  }

  addNode(kind: Reference['kind'], node: number, place: Place, path: string[], more?: Partial<Reference>): number {
    return this.addAt(kind, this.table.starts[node] as number, place, path, more)
  }

  addNodeOnce(kind: 'type' | 'value', node: number, place: Place, path: readonly string[]): void {
    this.addOnceAt(kind, this.table.starts[node] as number, place, path)
  }

  /** The type that a `let` gives to what a call like `collect()` makes of it. */
  expect(origin: ValueOrigin, type: string): void {
    const reference = origin.base.kind === 'result' && origin.steps.length === 0 ? this.references[origin.base.reference] : undefined
    if (reference?.kind !== 'method_call' || reference.type_args.length > 0 || !CONVERSIONS.has(reference.path[0] ?? '')) return
    reference.type_args = [type]
  }

  /** The tokens of a macro call, delimiters included, read as if they stood outside of it; 0 where that is not to be had. */
  parseTokens(node: number): number {
    const { starts, ends } = this.table
    const start = starts[node] as number
    const end = ends[node] as number
    const { depth } = this
    if (end - start <= 2 || end - start > this.reparseBudget || depth >= LIMITS.walkDepth) return 0
    this.reparseBudget -= end - start
    return this.trees.tokens(start, end, depth)
  }
}
