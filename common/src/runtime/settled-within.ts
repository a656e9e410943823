/** Resolves when `work` has ended, well or badly, or after `ms`; leaves no timer behind that would keep the process alive. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await Promise.race([work.catch(() => {}), patience])
  } finally {
    clearTimeout(timer)
  }
}
