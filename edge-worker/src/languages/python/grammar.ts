import type { CutRules } from '../cuts.js'
import { createNodeNames } from '../node-names.js'
import type { TreeRules } from '../value-tree.js'

const NAMES = createNodeNames()

/** Where a chunk of Python may be cut. */
export const PYTHON_CUTS: CutRules = {
  names: NAMES,
  atoms: new Set(['string', 'comment', 'decorator']),
  attached: new Set(['comment', 'decorator']),
}

/** What of a Python tree is read. Comments are found in the text, beside the definitions that they speak of. */
export const PYTHON_TREE: TreeRules = {
  names: NAMES,
  skipped: new Set(['comment', 'line_continuation', 'string_start', 'string_content', 'string_end', 'escape_sequence']),
  closed: new Set(),
  marks: new Set(),
}
