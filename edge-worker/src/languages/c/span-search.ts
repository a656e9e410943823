/** Index of the first of spans in order that ends behind an offset; their number when none does. */
export function firstEndingAfter(spans: readonly { readonly end: number }[], offset: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}
