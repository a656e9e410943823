import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { declaredFile } from '../declared-file.js'
import type { ExtractInput } from '../language.js'
import { readValueTree } from '../value-tree.js'
import { readDeclarations } from './declarations.js'
import { collectReferences } from './references.js'
import { JAVA_CUTS, JAVA_TREE } from './tree.js'

/** Everything that one Java file says by itself. */
export function extractJava(input: ExtractInput): ParsedFile {
  const { file, root, deadline } = input
  const isLate = (): boolean => performance.now() > deadline
  const { tree, tooDeepAt, timedOut } = readValueTree(root, { text: file.text, rules: JAVA_TREE, deadline })
  const { items, packageName, fileDocs } = readDeclarations(tree, file, isLate)
  return declaredFile(input, {
    language: 'Java',
    items,
    separator: '.',
    module: packageName,
    cuts: JAVA_CUTS,
    fileDocs,
    state: { tooDeepAt, timedOut },
    references: (spans) => collectReferences({ tree, text: file.text, spans, isLate }),
  })
}
