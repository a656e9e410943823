import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { javascript } from '../../../src/languages/javascript/language.js'
import { extractAs } from '../extract-as.js'

const PACKAGE = { path: 'package.json', language: null, text: '{"name":"pkg"}' }

/** Parses in this process: for text that is known to be harmless. */
export function extractText(text: string, file = 'src/mod.js'): ParsedFile {
  return extractAs(javascript, text, file, [PACKAGE])
}
