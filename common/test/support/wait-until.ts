import { sleep } from '@doctown/common/runtime/sleep.js'

/** Polls until `condition` gives something other than false, null or undefined; throws after `timeoutMs` with `what`. */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  what: string,
  options: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const endMs = Date.now() + (options.timeoutMs ?? 10_000)
  for (;;) {
    const value = await condition()
    // The three values that mean "not yet" are excluded by this very line.
    if (value !== false && value !== null && value !== undefined) return value as NonNullable<Exclude<T, false>>
    if (Date.now() > endMs) throw new Error(`did not happen in time: ${what}`)
    await sleep(options.everyMs ?? 10)
  }
}
