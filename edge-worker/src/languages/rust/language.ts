import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import type { Language } from '../language.js'
import { cargoPackages } from './cargo.js'
import { extractRust } from './extract.js'
import { attachModuleDocs } from './module-files.js'

export const rust: Language = Object.freeze<Language>({
  name: 'Rust',
  endings: ['.rs'],
  manifests: ['Cargo.toml', 'build.rs'],
  grammar: { name: 'tree-sitter-rust', version: '0.24.0' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-rust') as Parser.Language,
  packageFacts: cargoPackages,
  extract: extractRust,
  complete: attachModuleDocs,
})
