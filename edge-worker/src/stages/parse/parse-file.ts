import Parser from 'tree-sitter'
import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SkipReason } from '@doctown/common/contracts/skip.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Language, PackageFacts, TextInput } from '../../languages/language.js'

export interface ParseFileInput {
  readonly file: SourceFile
  readonly language: Language
  readonly packages: PackageFacts | undefined
  /** One parser a grammar, kept between files. */
  readonly parsers: Map<Parser.Language, Parser>
  /** For parsing and reading together, in milliseconds; `LIMITS.parseFileMs` unless a test is in a hurry. */
  readonly limitMs?: number
  /** As in `TextInput`. */
  readonly references?: boolean
}

/** Parses and reads one file within its limit of wall time, or says why it was given up. */
export function parseFile({
  file,
  language,
  packages,
  parsers,
  limitMs = LIMITS.parseFileMs,
  references = true,
}: ParseFileInput): ParsedFile | SkipReason {
  if (Buffer.byteLength(file.text) > LIMITS.sourceFileBytes) return 'too_large'
  const deadline = performance.now() + limitMs
  const diagnostics: Diagnostic[] = []
  const input: TextInput = { file, packages: packages ?? { packages: [] }, deadline, diagnostics, references }
  let parsed = language.load === undefined ? language.extractText(input) : (language.extractQuickly?.(input) ?? null)
  if (parsed === null && language.load !== undefined) {
    const parser = parserOf(language.load(file.path), parsers)
    const text = language.prepare?.(file) ?? file.text
    // What preparing took is gone; a limit of 0 would be none.
    parser.setTimeoutMicros(Math.max(1, Math.round((deadline - performance.now()) * 1000)))
    const root = parseText(parser, text)
    parsed = root === null ? null : language.extract({ ...input, root })
  }
  // Half of a file would be another half on another day.
  return parsed === null || performance.now() > deadline ? 'parse_timeout' : parsed
}

function parserOf(grammar: Parser.Language, parsers: Map<Parser.Language, Parser>): Parser {
  const known = parsers.get(grammar)
  if (known !== undefined) return known
  const parser = new Parser()
  parser.setLanguage(grammar)
  parsers.set(grammar, parser)
  return parser
}

/** `null` when the parser ran out of time. An own buffer size avoids the binding's limit of 32 KiB a string (dependencies.md, 4). */
function parseText(parser: Parser, text: string): Parser.SyntaxNode | null {
  // The types promise a tree; a parser that ran out of time returns null or throws, depending on the version.
  const tree = parser.parse(text, undefined, { bufferSize: text.length + 1 }) as Parser.Tree | null
  if (tree !== null) return tree.rootNode
  parser.reset()
  return null
}
