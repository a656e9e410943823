import { asDoctownError, type DoctownError } from '@doctown/common/contracts/errors.js'

/** How a command speaks: its answer on standard output, everything else on standard error. */
export interface Console {
  readonly json: boolean
  readonly quiet: boolean
  readonly colour: boolean
  /** True when standard error is a terminal, so that a line may be written over. */
  readonly live: boolean
  /** The answer: one line of JSON with --json, else the lines. */
  answer(value: Readonly<Record<string, unknown>> | readonly unknown[], lines: readonly string[]): void
  note(line: string): void
  fail(error: unknown): number
  /** Overwrites one line on a terminal. */
  overwrite(line: string): void
}

export interface ConsoleOptions {
  readonly json: boolean
  readonly quiet: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

export function createConsole({ json, quiet, environment, stdout, stderr }: ConsoleOptions): Console {
  const live = stderr.isTTY === true && !quiet && environment['TERM'] !== 'dumb'
  let open = false
  const endLive = (): void => {
    if (open) stderr.write('\r\x1b[2K')
    open = false
  }
  return {
    json,
    quiet,
    live,
    colour: live && environment['NO_COLOR'] === undefined,
    answer(value, lines) {
      endLive()
      stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''))
    },
    note(line) {
      endLive()
      if (!quiet) stderr.write(`${line}\n`)
    },
    fail(thrown) {
      endLive()
      const error: DoctownError = asDoctownError(thrown)
      if (json) stdout.write(`${JSON.stringify({ error: error.code, detail: error.message, ...error.details })}\n`)
      else stderr.write(`doctown: ${error.message}\n`)
      return error.code === 'cancelled' ? 130 : error.exitCode
    },
    overwrite(line) {
      if (!live) return
      stderr.write(`\r\x1b[2K${line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`)
      open = true
    },
  }
}
