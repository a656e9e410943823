import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import type { Language } from '../language.js'
import { extractPython } from './extract.js'
import { PYTHON_MANIFESTS, pythonPackages } from './packages.js'
import { placeSymbols } from './place-symbols.js'

export const python: Language = Object.freeze<Language>({
  name: 'Python',
  endings: ['.py', '.pyi'],
  manifests: PYTHON_MANIFESTS,
  grammar: { name: 'tree-sitter-python', version: '0.23.6' },
  // `as`: a CommonJS module with a native part; only a child process should ever load it.
  load: () => createRequire(import.meta.url)('tree-sitter-python') as Parser.Language,
  packageFacts: pythonPackages,
  extract: extractPython,
  complete: (parsed, sources, packages) => placeSymbols(parsed, sources, packages.packages),
})
