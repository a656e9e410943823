import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Language } from '../../src/languages/language.js'
import { parseFile } from '../../src/stages/parse/parse-file.js'

export interface ExtractText {
  readonly path: string
  readonly text: string
  readonly manifests: readonly SourceFile[]
}

/** Parses in this process: for text that is known to be harmless. */
export function extractWith(language: Language, { path, text, manifests }: ExtractText): ParsedFile {
  const packages = language.packageFacts(manifests)
  const parsed = parseFile({ file: { path, language: language.name, text }, language, packages, parsers: new Map() })
  assert(typeof parsed !== 'string', `given up: ${String(parsed)}`)
  return parsed
}
