import type Parser from 'tree-sitter'
import { LIMITS } from '@doctown/common/contracts/limits.js'

/** The line of the first place where the grammar gave up, `null` in a clean file. */
export function syntaxErrorLine(root: Parser.SyntaxNode): number | null {
  if (!root.hasError) return null
  const cursor = root.walk()
  let line = 1
  for (let depth = 0; depth < LIMITS.walkDepth && cursor.gotoFirstChild(); depth++) {
    // A root that is itself an error holds what was read before it, whole, and then loose tokens.
    while (!isBroken(cursor) && cursor.gotoNextSibling());
    line = cursor.startPosition.row + 1
    if (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing || !cursor.currentNode.hasError) break
  }
  return line
}

function isBroken(cursor: Parser.TreeCursor): boolean {
  return cursor.nodeIsMissing || cursor.currentNode.hasError || (!cursor.nodeIsNamed && /^\w/.test(cursor.nodeType))
}
