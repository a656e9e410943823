import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import { cutRules, extractEcmascript } from '../ecmascript/extract.js'
import { npmPackages } from '../ecmascript/package-json.js'
import type { Language } from '../language.js'

/** The grammar numbers its nodes anew for TSX. */
const CUTS = { ts: cutRules(), tsx: cutRules() }

export const typescript: Language = Object.freeze<Language>({
  name: 'TypeScript',
  endings: ['.ts', '.mts', '.cts', '.tsx'],
  manifests: ['package.json'],
  grammar: { name: 'tree-sitter-typescript', version: '0.23.2' },
  load(path) {
    // `as`: a CommonJS module with a native part; only a child process should ever load it.
    const grammars = createRequire(import.meta.url)('tree-sitter-typescript') as Readonly<Record<'typescript' | 'tsx', Parser.Language>>
    return path.endsWith('.tsx') ? grammars.tsx : grammars.typescript
  },
  packageFacts: npmPackages,
  extract: (input) => extractEcmascript(input, 'TypeScript', input.file.path.endsWith('.tsx') ? CUTS.tsx : CUTS.ts),
})
