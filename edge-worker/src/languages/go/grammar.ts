import type { CutRules } from '../cuts.js'
import { createNodeNames } from '../node-names.js'
import type { TreeRules } from '../value-tree.js'

const NAMES = createNodeNames()

/** Where a chunk of Go may be cut. */
export const GO_CUTS: CutRules = {
  names: NAMES,
  atoms: new Set(['interpreted_string_literal', 'raw_string_literal', 'comment']),
  attached: new Set(['comment']),
}

/** What of a Go tree is read. Comments are: what a comment speaks of is told by where it stands. */
export const GO_TREE: TreeRules = {
  names: NAMES,
  skipped: new Set(['interpreted_string_literal_content', 'raw_string_literal_content', 'escape_sequence']),
  closed: new Set(['comment', 'interpreted_string_literal', 'raw_string_literal']),
  marks: new Set(),
}
