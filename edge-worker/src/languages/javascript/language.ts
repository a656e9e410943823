import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import { cutRules, extractEcmascript } from '../ecmascript/extract.js'
import { npmPackages } from '../ecmascript/package-json.js'
import type { Language } from '../language.js'

const CUTS = cutRules()

export const javascript: Language = Object.freeze<Language>({
  name: 'JavaScript',
  endings: ['.js', '.mjs', '.cjs', '.jsx'],
  manifests: ['package.json'],
  grammar: { name: 'tree-sitter-javascript', version: '0.23.1' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-javascript') as Parser.Language,
  packageFacts: npmPackages,
  extract: (input) => extractEcmascript(input, 'JavaScript', CUTS),
})
