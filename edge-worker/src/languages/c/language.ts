import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import type { Language } from '../language.js'
import { C_DIALECT, extractC } from './extract.js'
import { looksLikeCpp } from './looks-like-cpp.js'
import { shadowOf } from './shadow.js'

export const c: Language = Object.freeze<Language>({
  name: 'C',
  endings: ['.c', '.h'],
  manifests: [],
  grammar: { name: 'tree-sitter-c', version: '0.23.6' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-c') as Parser.Language,
  packageFacts: () => ({ packages: [] }),
  readAs: (file) => (file.path.endsWith('.h') && looksLikeCpp(shadowOf(file, 'c')) ? 'C++' : 'C'),
  prepare: (file) => shadowOf(file, 'c').text,
  extract: (input) => extractC(input, C_DIALECT),
})
