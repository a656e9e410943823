import type { Span } from './walk-items.js'

/** Finds the innermost of nested spans that holds an offset. Spans are in source order, an inner one after the one around it. */
export function nesting<Each extends Span>(spans: readonly Each[]): (offset: number) => Each | undefined {
  const parents: number[] = []
  const open: number[] = []
  spans.forEach((span, index) => {
    while (open.length > 0 && (spans[open[open.length - 1] ?? 0]?.end ?? 0) <= span.start) open.pop()
    parents.push(open[open.length - 1] ?? -1)
    open.push(index)
  })
  return (offset) => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((spans[middle]?.start ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    let at = low - 1
    while (at >= 0 && (spans[at]?.end ?? 0) <= offset) at = parents[at] ?? -1
    return spans[at]
  }
}
