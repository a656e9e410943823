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
      // No further back than matters: a file may be one line of a megabyte, and this is asked for each of its nodes.
      const near = text.slice(Math.max(0, offset - DEEPEST - 1), offset)
      const blanks = near.slice(near.lastIndexOf('\n') + 1)
      return blanks.length <= DEEPEST && blanks.trim() === '' ? blanks.length : Infinity
    },
  }
}
