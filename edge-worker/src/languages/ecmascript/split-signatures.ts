import Parser from 'tree-sitter'
import { syntaxErrorLine } from '../syntax-error.js'

/**
 * A line break that ends a member of an interface, where the next one begins with its type parameters:
 *
 *     (fn: T): T
 *     <K>(name: string, fn: K): K
 *
 * The grammar reads `T<K>`, fails, and loses the rest of the file. Bounded, so that a file of nothing but comments takes linear time.
 */
const BREAK = /([\w>\])}])\n(?=\s{0,200}(?:(?:\/\/[^\n]{0,300}\n|\/\*[^]{0,500}?\*\/)\s{0,200}){0,5}<[\w$])/g

/** The tree of the same text read with semicolons at those places, when that one has no error or a later one; offsets are the same. */
export function readSplit(root: Parser.SyntaxNode, text: string, deadline: number): Parser.SyntaxNode {
  const tree = root.tree as Parser.Tree & { language?: Parser.Language }
  const left = deadline - performance.now()
  if (!root.hasError || tree.language === undefined || left < 100) return root
  const split = text.replace(BREAK, '$1;')
  if (split === text) return root
  const parser = new Parser()
  parser.setLanguage(tree.language)
  parser.setTimeoutMicros(Math.floor(left) * 1000)
  // The binding gives null on time-out, whatever its types say.
  const second = parser.parse(split, undefined, { bufferSize: split.length + 1 }) as Parser.Tree | null
  if (second === null) return root
  return (syntaxErrorLine(second.rootNode) ?? Infinity) > (syntaxErrorLine(root) ?? Infinity) ? second.rootNode : root
}
