import Parser from 'tree-sitter'
import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from '../language.js'
import { Reading } from '../reading.js'
import type { TreeRules, ValueNode } from '../value-tree.js'
import { MAX_DEPTH, readValueTree } from '../value-tree.js'

/** Tokens of macro calls are parsed again, those of a macro in a macro once more: bounded by this many times the file's length. */
const REPARSED_SHARE = 6
const REPARSE_TIMEOUT_MICROS = 1_000_000

/** Methods whose result is whatever is asked for. */
const CONVERSIONS = new Set(['collect', 'sum', 'product'])

/** A token tree is parsed by itself when it is needed; its tokens say nothing one by one. */
export const RUST_TREE: TreeRules = {
  skipped: new Set(['line_comment', 'block_comment', 'string_content', 'escape_sequence', 'macro_definition']),
  closed: new Set(['token_tree', 'attribute_item', 'inner_attribute_item']),
  marks: new Set(['_']),
}

/** What is being read of a Rust file, tokens of macro calls included. */
export class RustReading extends Reading {
  private parser: Parser | null = null
  private reparseBudget: number

  constructor(
    text: string,
    spans: readonly SymbolSpan[],
    private readonly language: Parser.Language | null,
  ) {
    super(text, spans)
    this.reparseBudget = text.length * REPARSED_SHARE
  }

  /** The type that a `let` gives to what a call like `collect()` makes of it. */
  expect(origin: ValueOrigin, type: string): void {
    const reference = origin.base.kind === 'result' && origin.steps.length === 0 ? this.references[origin.base.reference] : undefined
    if (reference?.kind !== 'method_call' || reference.type_args.length > 0 || !CONVERSIONS.has(reference.path[0] ?? '')) return
    reference.type_args = [type]
  }

  /** The tokens of a macro call, delimiters included, read as if they stood outside of it; `null` where that is not to be had. */
  parseTokens(node: ValueNode): ValueNode | null {
    const length = node.end - node.start
    if (this.language === null || length <= 2 || length > this.reparseBudget || node.depth >= MAX_DEPTH) return null
    this.reparseBudget -= length
    if (this.parser === null) {
      this.parser = new Parser()
      this.parser.setLanguage(this.language)
      this.parser.setTimeoutMicros(REPARSE_TIMEOUT_MICROS)
    }
    // The binding gives null on time-out, whatever its types say.
    const tree = this.parser.parse(this.slice(node) + ';', undefined, { bufferSize: length * 2 + 64 }) as Parser.Tree | null
    if (tree === null) {
      this.parser.reset()
      this.reparseBudget = 0
      return null
    }
    return readValueTree(tree.rootNode, { text: this.text, rules: RUST_TREE, offset: node.start, depth: node.depth }).tree
  }
}
