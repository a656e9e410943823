import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { go } from '../../../src/languages/go/language.js'
import { parseFile } from '../../../src/stages/parse/parse-file.js'

/** Parses in this process: for text that is known to be harmless. `others` are files beside it by path. */
export function extractText(
  text: string,
  file = 'shop/cart.go',
  others: Readonly<Record<string, string>> = { 'shop/shop.go': 'package shop\n' },
): ParsedFile {
  const source = ([path, content]: [string, string]): [string, SourceFile] => [path, { path, language: 'Go', text: content }]
  const packages = go.packageFacts([{ path: 'go.mod', language: null, text: 'module example.org/shop\n' }])
  const parsed = parseFile({ file: { path: file, language: 'Go', text }, language: go, packages, parsers: new Map() })
  assert(typeof parsed !== 'string', `given up: ${String(parsed)}`)
  return go.complete?.(parsed, new Map(Object.entries({ [file]: text, ...others }).map(source)), packages) ?? parsed
}
