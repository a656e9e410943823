import type { Language } from '../language.js'
import { cargoPackages } from './cargo.js'
import { extractQuickly, extractRust } from './extract.js'
import { rustGrammar } from './grammar.js'
import { attachModuleDocs } from './module-files.js'

export const rust: Language = Object.freeze<Language>({
  name: 'Rust',
  endings: ['.rs'],
  manifests: ['Cargo.toml', 'build.rs'],
  grammar: { name: 'tree-sitter-rust', version: '0.24.0' },
  load: rustGrammar,
  packageFacts: cargoPackages,
  extract: extractRust,
  extractQuickly,
  complete: attachModuleDocs,
})
