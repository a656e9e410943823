import { LIMITS } from '@doctown/common/contracts/limits.js'
import { lineIndex } from '@doctown/common/runtime/line-index.js'
import type Parser from 'tree-sitter'
import type { TextInput } from './language.js'
import { syntaxErrorLine } from './syntax-error.js'

export interface ReadingState {
  /** Offset of the first node whose inside was left unread because it is nested too deeply. */
  readonly tooDeepAt: number | null
  readonly timedOut: boolean
}

/** The root that the grammar gave; `null` for a file that was read without it, in which all is well-formed. */
type Read = TextInput & { readonly root: Parser.SyntaxNode | null }

/** Tells the reader what was left unread in a file, and why. */
export function pushReadingDiagnostics({ file, root, diagnostics }: Read, language: string, state: ReadingState): void {
  const broken = root === null ? null : syntaxErrorLine(root)
  if (broken !== null) {
    const message = `This line is not ${language} as we know it; what stands around it was read.`
    diagnostics.push({ file: file.path, line: broken, code: 'syntax_error', message })
  }
  if (state.tooDeepAt !== null) {
    const message = `Nested more than ${LIMITS.walkDepth} levels deep; what lies deeper was left out.`
    diagnostics.push({ file: file.path, line: lineIndex(file.text)(state.tooDeepAt), code: 'too_deep', message })
  }
  if (state.timedOut) {
    const message = 'Reading this file took too long; only its beginning was read.'
    diagnostics.push({ file: file.path, line: null, code: 'parse_timeout', message })
  }
}
