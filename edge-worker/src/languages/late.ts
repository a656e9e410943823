const STEPS_BETWEEN_CLOCK_READS = 256

/** Tells whether a deadline (ms, as performance.now()) has passed; looks at the clock now and then only. Once true, always true. */
export function lateAfter(deadline: number): () => boolean {
  let steps = 0
  let isLate = false
  return () => {
    if (!isLate && ++steps % STEPS_BETWEEN_CLOCK_READS === 0) isLate = performance.now() > deadline
    return isLate
  }
}
