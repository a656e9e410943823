import { java } from '../../../src/languages/java/language.js'
import { caretTests } from '../caret-tests.js'
import { extractAs } from '../extract-as.js'

caretTests('Java', 'java', (text, file) => extractAs(java, text, file))
