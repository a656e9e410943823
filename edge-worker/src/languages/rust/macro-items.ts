import type { MacroTrees } from './macro-trees.js'
import type { Item, MacroCall, WalkedItems } from './walk-items.js'
import { walkItems } from './walk-items.js'

/** Macro calls inside macro calls are read once more each time; real code nests two or three. */
const MAX_ROUNDS = 4
/** All rounds together parse at most this many times the file's length. */
const REPARSED_SHARE = 2

/**
 * Adds the items that are written in the tokens of a macro call where items may stand: `cfg_rt! { pub fn .. }`. The tokens are
 * parsed in place, so that offsets stay the file's own. A call whose tokens are not Rust items through and through is left out.
 */
export function withMacroItems(walked: WalkedItems, trees: MacroTrees): WalkedItems {
  if (walked.macros.length === 0) return walked
  const items: Item[] = [...walked.items]
  let calls: readonly MacroCall[] = walked.macros
  let budget = trees.text.length * REPARSED_SHARE
  for (let round = 0; round < MAX_ROUNDS && calls.length > 0; round++) {
    const inner: MacroCall[] = []
    for (const call of calls) {
      const start = trees.text.indexOf('{', call.start) + 1
      const end = trees.text.lastIndexOf('}', call.end - 1)
      if (start === 0 || start > call.end || end <= start || end - start > budget || performance.now() > trees.deadline) continue
      budget -= end - start
      const found = itemsBetween(trees, start, end, call)
      if (found === null) continue
      const offset = items.length
      const outer = (parent: number): number => (parent === -1 ? call.owner : parent + offset)
      for (const item of found.items) items.push({ ...item, parent: outer(item.parent), inMacro: true })
      for (const each of found.macros) inner.push({ ...each, owner: outer(each.owner) })
    }
    calls = inner
  }
  return { ...walked, items: inSourceOrder(items), timedOut: walked.timedOut || performance.now() > trees.deadline }
}

function itemsBetween(trees: MacroTrees, start: number, end: number, call: MacroCall): WalkedItems | null {
  const { table, text, deadline } = trees
  // The comments of the file itself are kept aside: a walk takes all that are in the table for its own.
  const { comments } = table
  table.comments = []
  const root = trees.items(start, end)
  const walked = root === 0 ? null : walkItems({ table, root, text, deadline })
  table.comments = comments
  // `fn f();` is no item where functions have bodies: the macro has a language of its own.
  const isForeign =
    call.owner === -1 && walked?.items.some((item) => item.parent === -1 && item.type === 'function_signature_item') === true
  return isForeign ? null : walked
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
