import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import type { Language } from '../language.js'
import { extractGo } from './extract.js'
import { goModules } from './modules.js'
import { placeSymbols } from './place-symbols.js'

export const go: Language = Object.freeze<Language>({
  name: 'Go',
  endings: ['.go'],
  manifests: ['go.mod'],
  grammar: { name: 'tree-sitter-go', version: '0.23.4' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-go') as Parser.Language,
  packageFacts: goModules,
  extract: extractGo,
  complete: (parsed, sources) => placeSymbols(parsed, sources),
})
