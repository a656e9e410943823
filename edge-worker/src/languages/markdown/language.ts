import type { TextLanguage } from '../language.js'
import { readMarkdown } from './extract.js'

/** Documents: each heading is a symbol, its text the documentation. None of it is public API. */
export const markdown: TextLanguage = Object.freeze<TextLanguage>({
  name: 'Markdown',
  endings: ['.md', '.markdown'],
  manifests: [],
  grammar: { name: 'markdown-it', version: '15.0.3' },
  packageFacts: () => ({ packages: [] }),
  extractText: readMarkdown,
})
