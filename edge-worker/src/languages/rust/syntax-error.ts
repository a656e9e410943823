import type Parser from 'tree-sitter'
import { LIMITS } from '@doctown/common/contracts/limits.js'

/** The line of the first place where the grammar gave up, `null` in a clean file. */
export function syntaxErrorLine(root: Parser.SyntaxNode): number | null {
  if (!root.hasError) return null
  const cursor = root.walk()
  for (let depth = 0; depth < LIMITS.walkDepth; depth++) {
    if (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing || !cursor.gotoFirstChild()) break
    while (!cursor.currentNode.hasError && cursor.gotoNextSibling());
  }
  return cursor.startPosition.row + 1
}
