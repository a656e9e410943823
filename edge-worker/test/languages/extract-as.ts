import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Language } from '../../src/languages/language.js'
import { parseFile } from '../../src/stages/parse/parse-file.js'

/** Parses in this process: for text that is known to be harmless. */
export function extractAs(language: Language, text: string, file: string, manifests: readonly SourceFile[] = []): ParsedFile {
  const source = { path: file, language: language.name, text }
  const parsed = parseFile({ file: source, language, packages: language.packageFacts(manifests), parsers: new Map() })
  assert(typeof parsed !== 'string', `given up: ${String(parsed)}`)
  return parsed
}
