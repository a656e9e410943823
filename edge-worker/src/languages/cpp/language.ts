import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import { CPP_DIALECT, extractC } from '../c/extract.js'
import { shadowOf } from '../c/shadow.js'
import type { Language } from '../language.js'

/** C++, which is read by the code in `../c`: what one of them has, the other has too or will have. */
export const cpp: Language = Object.freeze<Language>({
  name: 'C++',
  endings: ['.cc', '.cpp', '.cxx', '.hpp', '.hh', '.hxx', '.ipp', '.inl'],
  manifests: [],
  grammar: { name: 'tree-sitter-cpp', version: '0.23.4' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-cpp') as Parser.Language,
  packageFacts: () => ({ packages: [] }),
  prepare: (file) => shadowOf(file, 'cpp').text,
  extract: (input) => extractC(input, CPP_DIALECT),
})
