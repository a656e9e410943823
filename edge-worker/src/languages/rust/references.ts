import type Parser from 'tree-sitter'
import type { Reference, TypeFact } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from '../language.js'
import { readExpression } from './value-expressions.js'
import { Scope } from '../reading.js'
import { RUST_TREE, RustReading } from './value-reading.js'
import { readValueTree } from '../value-tree.js'

export interface CollectedReferences {
  /** In the order in which values are made: a value names a call by its index here. */
  readonly references: Reference[]
  readonly type_facts: TypeFact[]
}

/**
 * What one Rust file says about the names that it uses: calls with the origin of their receivers and arguments, types,
 * imports, and the facts about its own types that resolving needs. Takes time linear in the text, reads broken code as far
 * as the grammar recovers, and looks into the tokens of macro calls where they have the shape of expressions or items.
 */
export function collectReferences(root: Parser.SyntaxNode, text: string, spans: readonly SymbolSpan[]): CollectedReferences {
  const reading = new RustReading(text, spans, languageOf(root))
  const tree = readValueTree(root, { text, rules: RUST_TREE }).tree
  for (const child of tree.children) readExpression(reading, child, { owner: null, scope: new Scope(), inMacro: false })
  return { references: reading.references, type_facts: reading.facts }
}

/** The binding keeps the language on every tree that it parses; its types do not tell. */
function languageOf(root: Parser.SyntaxNode): Parser.Language | null {
  const tree = root.tree as Parser.Tree & { language?: Parser.Language }
  return tree.language ?? null
}
