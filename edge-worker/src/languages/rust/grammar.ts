import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'

/** Loaded when first asked: only a child process should ever load it. */
export function rustGrammar(): Parser.Language {
  // `as`: a CommonJS module with a native part.
  return createRequire(import.meta.url)('tree-sitter-rust') as Parser.Language
}
