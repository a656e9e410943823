import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import type { Language } from '../language.js'
import { extractJava } from './extract.js'

export const java: Language = Object.freeze<Language>({
  name: 'Java',
  endings: ['.java'],
  manifests: [],
  grammar: { name: 'tree-sitter-java', version: '0.23.5' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-java') as Parser.Language,
  // Each file names its own package.
  packageFacts: () => ({ packages: [] }),
  extract: extractJava,
})
