import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { python } from '../../../src/languages/python/language.js'
import { parseFile } from '../../../src/stages/parse/parse-file.js'

/** Parses in this process: for text that is known to be harmless. `others` are files beside it, such as `__init__.py`. */
export function extractText(
  text: string,
  file = 'pkg/mod.py',
  others: readonly string[] = ['pkg/__init__.py', 'src/shop/__init__.py'],
): ParsedFile {
  const source = (path: string): SourceFile => ({ path, language: 'Python', text: '' })
  const packages = python.packageFacts([{ path: 'pyproject.toml', language: null, text: '[project]\nname = "pkg"\n' }])
  const parsed = parseFile({ file: { path: file, language: 'Python', text }, language: python, packages, parsers: new Map() })
  assert(typeof parsed !== 'string', `given up: ${String(parsed)}`)
  const sources = new Map([file, ...others].map((path): [string, SourceFile] => [path, source(path)]))
  return python.complete?.(parsed, sources, packages) ?? parsed
}
