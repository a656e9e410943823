import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { typescript } from '../../../src/languages/typescript/language.js'
import { extractAs } from '../extract-as.js'

const PACKAGE = { path: 'package.json', language: null, text: '{"name":"pkg"}' }

/** Parses in this process: for text that is known to be harmless. */
export function extractText(text: string, file = 'src/mod.ts'): ParsedFile {
  return extractAs(typescript, text, file, [PACKAGE])
}
