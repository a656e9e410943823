import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { CutRules } from '../cuts.js'
import { declaredFile } from '../declared-file.js'
import type { ExtractInput } from '../language.js'
import { readValueTree } from '../value-tree.js'
import { readDeclarations } from './declarations.js'
import { collectReferences } from './references.js'
import { shadowOf } from './shadow.js'
import { C_TREE, cutRules } from './tree.js'

export interface Dialect {
  readonly name: string
  readonly isCpp: boolean
  readonly cuts: CutRules
}

export const C_DIALECT: Dialect = { name: 'C', isCpp: false, cuts: cutRules() }
export const CPP_DIALECT: Dialect = { name: 'C++', isCpp: true, cuts: cutRules() }

/** Everything that one C or C++ file says by itself. `root` is the tree of the file's shadow. */
export function extractC(input: ExtractInput, { name, isCpp, cuts }: Dialect): ParsedFile {
  const { file, root, deadline } = input
  const isLate = (): boolean => performance.now() > deadline
  const shadow = shadowOf(file, isCpp ? 'cpp' : 'c')
  const { tree, tooDeepAt, timedOut } = readValueTree(root, { text: shadow.text, rules: C_TREE, deadline })
  const { items, fileDocs } = readDeclarations(tree, { file, shadow, isCpp, isLate })
  return declaredFile(input, {
    language: name,
    items,
    separator: '::',
    module: '',
    cuts,
    fileDocs,
    state: { tooDeepAt, timedOut },
    references: (spans) => collectReferences({ tree, shadow, spans, isCpp, isLate }),
  })
}
