/** Tokens of one batch, padding included. Larger gains nothing on a CPU; a GPU is kept busy by this too. */
const BATCH_TOKENS = 4096
const BATCH_TEXTS = 64

/** How unequal the rows of a batch may be. */
export interface BatchShape {
  /** A batch ends before a row shorter than this share of its longest.. */
  readonly shortestShare: number
  /** ..once it holds this many tokens. */
  readonly worthACallTokens: number
}
/** A CPU gains nothing from a wide batch and loses what is padded; a GPU idles between small ones. */
export const BATCH_SHAPES = {
  cpu: { shortestShare: 0.95, worthACallTokens: 256 },
  gpu: { shortestShare: 0.9, worthACallTokens: 1024 },
} as const satisfies Record<string, BatchShape>

/**
 * Places of rows in batches of about equal length, longest first: every row of a batch is padded to its longest, and unsorted
 * batches take twice the time (models/README of the corpus). Same lengths, same batches.
 */
export function batchesByLength(lengths: readonly number[], shape: BatchShape): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b)
  const batches: number[][] = []
  for (let start = 0; start < order.length;) {
    const longest = Math.max(1, lengths[order[start]!]!)
    const most = Math.max(1, Math.min(BATCH_TEXTS, Math.floor(BATCH_TOKENS / longest)))
    const belongs = (length: number, count: number): boolean =>
      length >= longest * shape.shortestShare || longest * count < shape.worthACallTokens
    let end = start + 1
    while (end < order.length && end - start < most && belongs(lengths[order[end]!]!, end - start)) end++
    batches.push(order.slice(start, end))
    start = end
  }
  return batches
}
