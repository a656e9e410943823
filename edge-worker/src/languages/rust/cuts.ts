import type { CutRules } from '../cuts.js'
import { RUST_NAMES } from './node-names.js'

/** Where a chunk of Rust may be cut. */
export const RUST_CUTS: CutRules = {
  names: RUST_NAMES,
  atoms: new Set(['string_literal', 'raw_string_literal', 'char_literal', 'line_comment', 'block_comment', 'attribute_item']),
  attached: new Set(['line_comment', 'block_comment', 'attribute_item']),
}
