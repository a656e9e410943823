import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { rust } from '../../../src/languages/rust/language.js'
import { parseFile } from '../../../src/stages/parse/parse-file.js'

/** Parses in this process: for text that is known to be harmless. */
export function extractText(text: string, file = 'src/lib.rs', cargoToml = '[package]\nname = "krate"\n'): ParsedFile {
  const packages = rust.packageFacts([{ path: 'Cargo.toml', language: null, text: cargoToml }])
  const parsed = parseFile({ file: { path: file, language: 'Rust', text }, language: rust, packages, parsers: new Map() })
  assert(typeof parsed !== 'string', `given up: ${String(parsed)}`)
  return parsed
}
