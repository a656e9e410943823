import type { CutRules } from '../cuts.js'
import { createNodeNames } from '../node-names.js'
import type { TreeRules } from '../value-tree.js'

/** What of the syntax tree of C and C++ is copied. Comments are found without it. */
export const C_TREE: TreeRules = {
  skipped: new Set(['comment', 'string_content', 'escape_sequence', 'attribute_declaration', 'ms_declspec_modifier']),
  closed: new Set(['string_literal', 'raw_string_literal', 'char_literal', 'concatenated_string']),
  marks: new Set(),
}

/** Where a chunk may be cut; numbers of nodes differ between the two grammars. */
export function cutRules(): CutRules {
  return {
    names: createNodeNames(),
    atoms: new Set(['string_literal', 'raw_string_literal', 'char_literal', 'comment']),
    attached: new Set(['comment', 'access_specifier']),
  }
}
