import Parser from 'tree-sitter'
import type { SyntaxTable } from '../syntax-table.js'
import { readerOf } from './kinds.js'

const TIMEOUT_MICROS = 1_000_000

/** Reads the tokens of macro calls as Rust and adds their trees to the file's table. */
export class MacroTrees {
  private parser: Parser | null = null
  private lineStarts: number[] | null = null
  /** A parser that ran out of time once is not asked again. */
  private spent = false

  constructor(
    readonly table: SyntaxTable,
    readonly text: string,
    private readonly language: () => Parser.Language | undefined,
    readonly deadline: number,
  ) {}

  /** Items written between two offsets, read in place, comments collected apart; 0 when they are no items through and through. */
  items(startIndex: number, endIndex: number): number {
    const range = { startIndex, endIndex, startPosition: this.point(startIndex), endPosition: this.point(endIndex) }
    const tree = this.parse(this.text, { bufferSize: this.text.length + 1, includedRanges: [range] })
    return tree === null || tree.rootNode.hasError ? 0 : this.read(tree, 0, 0)
  }

  /** The tokens of one call, delimiters included, read as if they stood outside of it; 0 where that is not to be had. */
  tokens(start: number, end: number, depth: number): number {
    const tree = this.parse(this.text.slice(start, end) + ';', { bufferSize: (end - start) * 2 + 64 })
    return tree === null ? 0 : this.read(tree, start, depth)
  }

  private parse(text: string, options: Parser.Options): Parser.Tree | null {
    const language = this.language()
    if (this.spent || language === undefined) return null
    if (this.parser === null) {
      this.parser = new Parser()
      this.parser.setLanguage(language)
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
    const language = this.language()
    if (language === undefined) return 0
    return readerOf(language).read(this.table, tree.rootNode, { offset, depth, deadline: this.deadline })
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
