import type { SyntaxTable } from '../../syntax-table.js'
import { K } from '../kinds.js'
import { readStatement } from './statements.js'
import { Lexer } from './lexer.js'
import { NotQuick, type Stretch } from './scanner.js'
import { T } from './tokens.js'

/**
 * Reads well-formed Rust into a syntax table as tree-sitter's grammar would, node for node, in a fraction of the time. What it
 * does not know for certain (errors, rare syntax, deep nesting) it leaves to the grammar: then it answers 0 and leaves no trace.
 */
export class QuickParser {
  private readonly lexer: Lexer

  constructor(readonly table: SyntaxTable) {
    this.lexer = new Lexer(table)
  }

  /** Items and statements between two offsets. */
  read(stretch: Stretch): number {
    const { table, lexer } = this
    const { count } = table
    const comments = table.comments.length
    try {
      lexer.begin(stretch)
      const root = lexer.node(K.source_file, stretch.start)
      table.ends[root] = stretch.end
      while (lexer.token !== T.end) {
        const statement = readStatement(lexer)
        // An expression without its semicolon stands at the end of a block, never of a file.
        if (ENDINGS.has(table.kinds[statement] as number)) lexer.attach(root, statement)
        else lexer.fail()
      }
      return root
    } catch (error) {
      if (!(error instanceof NotQuick)) throw error
      table.count = count
      table.comments.length = comments
      return 0
    }
  }
}

const ENDINGS = new Set<number>([
  K.expression_statement,
  K.macro_invocation,
  K.empty_statement,
  K.attribute_item,
  K.inner_attribute_item,
  K.let_declaration,
  K.macro_definition,
  K.mod_item,
  K.foreign_mod_item,
  K.struct_item,
  K.union_item,
  K.enum_item,
  K.type_item,
  K.function_item,
  K.function_signature_item,
  K.impl_item,
  K.trait_item,
  K.associated_type,
  K.use_declaration,
  K.extern_crate_declaration,
  K.static_item,
  K.const_item,
])
