import type { TableCutRules } from '../table-cuts.js'
import { K } from './kinds.js'

/** Where a chunk of Rust may be cut. */
export const RUST_CUTS: TableCutRules = {
  atoms: new Set([K.string_literal, K.raw_string_literal, K.char_literal, K.attribute_item]),
  attached: new Set([K.attribute_item]),
  marks: new Set([K._]),
}
