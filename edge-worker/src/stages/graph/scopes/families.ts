import { c } from './languages/c.js'
import { go } from './languages/go.js'
import { java } from './languages/java.js'
import { python } from './languages/python.js'
import { script } from './languages/script.js'
import type { Rules } from './rules.js'

/** Languages whose files see each other, one set of rules each. */
export const FAMILIES: readonly Rules[] = Object.freeze([script, python, go, java, c])
