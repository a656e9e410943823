import type { DoctownError } from '@doctown/common/contracts/errors.js'

/** The promise's own end, or `late()` thrown once `ms` have passed. The work goes on; only nobody waits for it. */
export async function within<T>(promise: Promise<T>, ms: number, late: () => DoctownError): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
