import type { StructuredLog } from '@doctown/common/runtime/log.js'

export interface Healing {
  /** A docpack was published without vectors: try from now on. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

/** Tries again what was published without vectors: once at the start, then as long as something is pending. One try at a time; costs the queue nothing. */
export function startHealing(options: {
  readonly heal: (signal: AbortSignal) => Promise<{ readonly pending: number }>
  readonly log: StructuredLog
  readonly everyMs: number
}): Healing {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  const attempt = (): void => {
    timer = null
    running = options
      .heal(stopping.signal)
      .then(
        ({ pending }) => pending > 0,
        (error: unknown) => {
          if (!stopping.signal.aborted) options.log.warn('vectors still pending', { error })
          return true
        },
      )
      .then((again) => {
        running = null
        if (again) wake()
      })
  }
  const wake = (): void => {
    if (timer === null && running === null && !stopping.signal.aborted) timer = setTimeout(attempt, options.everyMs)
  }
  attempt()
  return {
    wake,
    stop: async () => {
      stopping.abort(new Error('stopping'))
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
