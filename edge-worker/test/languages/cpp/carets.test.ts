import { cpp } from '../../../src/languages/cpp/language.js'
import { caretTests } from '../caret-tests.js'
import { extractAs } from '../extract-as.js'

caretTests('C++', 'cpp', (text, file) => extractAs(cpp, text, file))
