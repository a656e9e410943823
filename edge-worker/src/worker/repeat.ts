import type { StructuredLog } from '@doctown/common/runtime/log.js'

/** Runs a chore at once and then every so often, one run at a time. A chore that fails is told and tried again at its next turn. */
export function repeat(options: {
  readonly name: string
  readonly everyMs: number
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly log: StructuredLog
}): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  const attempt = (): void => {
    running ??= options
      .run(stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) options.log.warn('chore failed', { chore: options.name, error })
      })
      .finally(() => {
        running = null
      })
  }
  const timer = setInterval(attempt, options.everyMs)
  attempt()
  return {
    stop: async () => {
      clearInterval(timer)
      stopping.abort(new Error('stopping'))
      await running
    },
  }
}
