import { c } from '../../../src/languages/c/language.js'
import { caretTests } from '../caret-tests.js'
import { extractAs } from '../extract-as.js'

caretTests('C', 'c', (text, file) => extractAs(c, text, file))
