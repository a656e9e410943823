import Parser from 'tree-sitter'
import type { Item, MacroCall, WalkedItems } from './walk-items.js'
import { walkItems } from './walk-items.js'

/** Macro calls inside macro calls are read once more each time; real code nests two or three. */
const MAX_ROUNDS = 4
/** All rounds together parse at most this many times the file's length. */
const REPARSED_SHARE = 2
const TIMEOUT_MICROS = 1_000_000

/**
 * Adds the items that are written in the tokens of a macro call where items may stand: `cfg_rt! { pub fn .. }`. The tokens are
 * parsed in place, so that offsets stay the file's own. A call whose tokens are not Rust items through and through is left out.
 */
export function withMacroItems(walked: WalkedItems, root: Parser.SyntaxNode, text: string, deadline: number): WalkedItems {
  // The binding keeps the language on every tree that it parses; its types do not tell.
  const { language } = root.tree as Parser.Tree & { language?: Parser.Language }
  if (walked.macros.length === 0 || language === undefined) return walked
  const reader = new MacroReader(text, language, deadline)
  const items: Item[] = [...walked.items]
  let calls: readonly MacroCall[] = walked.macros
  for (let round = 0; round < MAX_ROUNDS && calls.length > 0; round++) {
    const inner: MacroCall[] = []
    for (const call of calls) {
      const found = reader.read(call)
      if (found === null) continue
      const offset = items.length
      const outer = (parent: number): number => (parent === -1 ? call.owner : parent + offset)
      for (const item of found.items) items.push({ ...item, parent: outer(item.parent), inMacro: true })
      for (const each of found.macros) inner.push({ ...each, owner: outer(each.owner) })
    }
    calls = inner
  }
  return { ...walked, items: inSourceOrder(items), timedOut: walked.timedOut || performance.now() > deadline }
}

class MacroReader {
  private readonly parser = new Parser()
  private readonly lineStarts: number[] = [0]
  private budget: number

  constructor(
    private readonly text: string,
    language: Parser.Language,
    private readonly deadline: number,
  ) {
    this.parser.setLanguage(language)
    this.parser.setTimeoutMicros(TIMEOUT_MICROS)
    this.budget = text.length * REPARSED_SHARE
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
  }

  read(call: MacroCall): WalkedItems | null {
    const startIndex = this.text.indexOf('{', call.start) + 1
    const endIndex = this.text.lastIndexOf('}', call.end - 1)
    const length = endIndex - startIndex
    if (startIndex === 0 || startIndex > call.end || length <= 0 || length > this.budget || performance.now() > this.deadline) return null
    this.budget -= length
    const range = { startIndex, endIndex, startPosition: this.point(startIndex), endPosition: this.point(endIndex) }
    // The binding gives null on time-out, whatever its types say.
    const tree = this.parser.parse(this.text, undefined, {
      bufferSize: this.text.length + 1,
      includedRanges: [range],
    }) as Parser.Tree | null
    if (tree === null) {
      this.parser.reset()
      this.budget = 0
      return null
    }
    if (tree.rootNode.hasError) return null
    const walked = walkItems(tree.rootNode, this.text, this.deadline)
    // `fn f();` is no item where functions have bodies: the macro has a language of its own.
    const isForeign = call.owner === -1 && walked.items.some((item) => item.parent === -1 && item.type === 'function_signature_item')
    return isForeign ? null : walked
  }

  private point(index: number): Parser.Point {
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

/** An inner item comes after the one that holds it, and no two begin at one place. */
function inSourceOrder(items: readonly Item[]): Item[] {
  const order = items.map((_, index) => index).sort((a, b) => (items[a] as Item).head - (items[b] as Item).head || a - b)
  const place = new Map(order.map((index, at) => [index, at]))
  // `as`: both index an array of the same length.
  return order.map((index) => {
    const item = items[index] as Item
    return { ...item, parent: item.parent === -1 ? -1 : (place.get(item.parent) ?? -1) }
  })
}
