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
  const starts: number[] = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const at = (offset: number): number => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      // `as`: the index is in range, which the compiler cannot see.
      if ((starts[middle] as number) <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    at,
    indent(offset) {
      const start = starts[at(offset) - 1] ?? 0
      if (offset - start > DEEPEST) return Infinity
      return text.slice(start, offset).trim() === '' ? offset - start : Infinity
    },
  }
}
