import type { CutRules } from '../cuts.js'
import { createNodeNames } from '../node-names.js'
import type { TreeRules } from '../value-tree.js'

const COMMENTS = ['line_comment', 'block_comment']

/** What of Java's syntax tree is copied. Block comments stay, because Javadoc is one. */
export const JAVA_TREE: TreeRules = {
  skipped: new Set(['line_comment', 'string_fragment', 'multiline_string_fragment', 'escape_sequence']),
  closed: new Set(['block_comment']),
  marks: new Set(),
}

/** Where a chunk of Java may be cut. */
export const JAVA_CUTS: CutRules = {
  names: createNodeNames(),
  atoms: new Set([...COMMENTS, 'string_literal', 'character_literal', 'modifiers', 'marker_annotation', 'annotation']),
  attached: new Set([...COMMENTS, 'modifiers']),
}
