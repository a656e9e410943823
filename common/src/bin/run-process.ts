/** What surrounds the five paragraphs of a process: signals, a last word, an exit code. */
import { asDoctownError } from '../contracts/errors.js'
import { refuseTelemetry } from './no-telemetry.js'

export interface ProcessTools {
  /** Resolves on SIGTERM, SIGINT, or when the process that started us over IPC is gone. */
  readonly untilStopped: Promise<void>
  /** Tells the process that started us, if any, that we serve. */
  readonly announce: (facts: Readonly<Record<string, unknown>>) => void
}

/**
 * Runs `main` to its end. A second signal ends at once; what `main` throws is told in words on standard error, and to the process
 * that started us, if any, with the exit code of its row.
 */
export async function runProcess(name: string, main: (tools: ProcessTools) => Promise<void>): Promise<never> {
  refuseTelemetry()
  const untilStopped = new Promise<void>((resolve) => {
    let isAsked = false
    const stop = (): void => {
      if (isAsked) process.exit(130)
      isAsked = true
      resolve()
    }
    process.on('SIGTERM', stop)
    // A terminal sends Ctrl-C to the whole group. Who was started by another process waits for its word, or the two together
    // would be a second signal and cut off what should be handed back.
    process.on('SIGINT', process.send === undefined ? stop : () => {})
    process.on('disconnect', stop)
  })
  try {
    await main({ untilStopped, announce: (facts) => void process.send?.({ ready: true, ...facts }) })
  } catch (thrown) {
    const { code, message, details, exitCode } = asDoctownError(thrown)
    const problems = Array.isArray(details['problems']) ? details['problems'].map((problem) => `  ${String(problem)}\n`) : []
    const sentence = problems.length === 0 ? message : 'These settings are wrong. Correct them and start again:'
    process.stderr.write(`${name}: ${sentence}\n${problems.join('')}`)
    await new Promise((resolve) => process.send?.({ failed: { code, message, details } }, resolve) ?? resolve(undefined))
    process.exit(exitCode)
  }
  process.exit(0)
}
