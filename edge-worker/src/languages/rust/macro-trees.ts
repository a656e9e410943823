import Parser from 'tree-sitter'
import type { SyntaxTable } from '../syntax-table.js'
import { rustGrammar } from './grammar.js'
import { readerOf } from './kinds.js'
import type { QuickParser } from './quick/quick-parser.js'

const TIMEOUT_MICROS = 1_000_000

/** Reads the tokens of macro calls as Rust and adds their trees to the file's table. */
export class MacroTrees {
  private parser: Parser | null = null
  private lineStarts: number[] | null = null
  /** A parser that ran out of time once is not asked again. */
  private spent = false

  readonly table: SyntaxTable

  constructor(
    private readonly quick: QuickParser,
    readonly text: string,
    readonly deadline: number,
  ) {
    this.table = quick.table
  }

  /** Items written between two offsets, read in place, comments collected apart; 0 when they are no items through and through. */
  items(startIndex: number, endIndex: number): number {
    const root = this.quick.read({ text: this.text, start: startIndex, end: endIndex })
    if (root !== 0) return root
    const range = { startIndex, endIndex, startPosition: this.point(startIndex), endPosition: this.point(endIndex) }
    const tree = this.parse(this.text, { bufferSize: this.text.length + 1, includedRanges: [range] })
    return tree === null || tree.rootNode.hasError ? 0 : this.read(tree, 0, 0)
  }

  /** The tokens of one call, delimiters included, read as if they stood outside of it; 0 where that is not to be had. */
  tokens(start: number, end: number, depth: number): number {
    const { comments } = this.table
    const known = comments.length
    const root = this.quick.read({ text: this.text, start, end, closing: true, depth }) || this.tokensByGrammar(start, end, depth)
    comments.length = known
    return root
  }

  private tokensByGrammar(start: number, end: number, depth: number): number {
    const tree = this.parse(this.text.slice(start, end) + ';', { bufferSize: (end - start) * 2 + 64 })
    return tree === null ? 0 : this.read(tree, start, depth)
  }

  private parse(text: string, options: Parser.Options): Parser.Tree | null {
    if (this.spent) return null
    if (this.parser === null) {
      this.parser = new Parser()
      this.parser.setLanguage(rustGrammar())
      this.parser.setTimeoutMicros(TIMEOUT_MICROS)
    }
    // The binding gives null on time-out, whatever its types say.
    const tree = this.parser.parse(text, undefined, options) as Parser.Tree | null
    if (tree === null) {
      this.parser.reset()
      this.spent = true
    }
    return tree
  }

  private read(tree: Parser.Tree, offset: number, depth: number): number {
    return readerOf(rustGrammar()).read(this.table, tree.rootNode, { offset, depth, deadline: this.deadline })
  }

  private point(index: number): Parser.Point {
    if (this.lineStarts === null) {
      this.lineStarts = [0]
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
    }
    let low = 0
    let high = this.lineStarts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.lineStarts[middle] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return { row: low - 1, column: index - (this.lineStarts[low - 1] ?? 0) }
  }
}
