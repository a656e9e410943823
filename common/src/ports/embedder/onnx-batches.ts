/** What a call of the model costs where it runs. */
export interface BatchShape {
  /** Tokens of one batch, padding included; a text longer than that goes alone. */
  readonly mostTokens: number
  /** What a call costs beside its tokens, in tokens: padding up to this is cheaper than a call more. */
  readonly callTokens: number
}
/**
 * A CPU is quickest while what it works on stays in its cache: with MiniLM on one core a text of 256 tokens alone takes 37 ms, 16 of them
 * together 46 ms each; a call costs 2 ms by itself. A GPU idles between small batches.
 */
export const BATCH_SHAPES = {
  cpu: { mostTokens: 384, callTokens: 16 },
  gpu: { mostTokens: 32_768, callTokens: 2048 },
} as const satisfies Record<string, BatchShape>
/** A batch of more texts gains nothing; keeps the search for the best batches short. */
const MOST_TEXTS = 256

/**
 * Places of rows in batches of about equal length, longest first: every row of a batch is padded to its longest. Of all ways to cut the rows
 * in order of length this is the one whose calls and tokens cost least. Same lengths, same batches.
 */
export function batchesByLength(lengths: readonly number[], { mostTokens, callTokens }: BatchShape): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b)
  const length = (place: number): number => Math.max(1, lengths[order[place]!]!)
  // cost[i]: of the rows from place i on; end[i]: where the first batch of them ends.
  const cost = new Float64Array(order.length + 1)
  const end = new Uint32Array(order.length)
  for (let start = order.length - 1; start >= 0; start--) {
    const most = Math.max(1, Math.min(MOST_TEXTS, Math.floor(mostTokens / length(start)), order.length - start))
    cost[start] = Infinity
    for (let count = 1; count <= most; count++) {
      const whole = callTokens + count * length(start) + cost[start + count]!
      if (whole < cost[start]!) [cost[start], end[start]] = [whole, start + count]
    }
  }
  const batches: number[][] = []
  for (let start = 0; start < order.length; start = end[start]!) batches.push(order.slice(start, end[start]))
  return batches
}
