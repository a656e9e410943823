import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'

let grammar: Parser.Language | null = null

/** Loaded when first asked: only a child process should ever load it. */
export function rustGrammar(): Parser.Language {
  // `as`: a CommonJS module with a native part. Kept, because finding it again takes longer than a small parse.
  grammar ??= createRequire(import.meta.url)('tree-sitter-rust') as Parser.Language
  return grammar
}
