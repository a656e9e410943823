import { lineIndex } from '@doctown/common/runtime/line-index.js'

/** Lines of one text, by UTF-16 offset. */
export interface Lines {
  /** 1-based line of an offset. */
  at(offset: number): number
  /** Blanks before `offset` on its line; Infinity where anything else stands there. */
  indent(offset: number): number
}

/** Deeper than this is a line of data, not indentation. */
const DEEPEST = 400

export function linesOf(text: string): Lines {
  const at = lineIndex(text)
  return {
    at,
    indent(offset) {
      const start = text.lastIndexOf('\n', offset - 1) + 1
      if (offset - start > DEEPEST) return Infinity
      return text.slice(start, offset).trim() === '' ? offset - start : Infinity
    },
  }
}
