import { caretTests } from '../caret-tests.js'
import { extractText } from './extract-text.js'

caretTests('JavaScript', 'javascript', extractText)
