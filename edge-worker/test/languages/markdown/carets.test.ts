import { markdown } from '../../../src/languages/markdown/language.js'
import { caretTests } from '../caret-tests.js'
import { extractAs } from '../extract-as.js'

caretTests('Markdown', 'markdown', (text, file) => extractAs(markdown, text, file))
