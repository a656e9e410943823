/** The yardstick: parses texts and does nothing else. Run by fork() from parse.ts. */
import { createRequire } from 'node:module'
import Parser from 'tree-sitter'

process.on('message', (texts: readonly string[]) => void parse(texts))
process.on('disconnect', () => process.exit(0))

async function parse(texts: readonly string[]): Promise<void> {
  const parser = new Parser()
  // `as`: a CommonJS module without types of its own for the parser.
  parser.setLanguage(createRequire(import.meta.url)('tree-sitter-rust') as Parser.Language)
  for (const [n, text] of texts.entries()) {
    parser.parse(text, undefined, { bufferSize: text.length + 1 })
    // As the parse stage does: native trees are freed when the loop turns.
    if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  process.send?.('done')
}
