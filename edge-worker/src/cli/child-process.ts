import { fork, type ChildProcess } from 'node:child_process'
import { DoctownError, ERROR_TABLE, type ErrorCode } from '@doctown/common/contracts/errors.js'

export interface ManagedChild {
  /** What the child said once it was ready; rejects with what it said when it could not start. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>
  /** Resolves with its exit code, 1 when a signal ended it. */
  readonly ended: Promise<number>
  stop(graceMs: number): Promise<void>
}

/**
 * A process of our own that says `{ready: true, ...}` over IPC once it serves, `{failed: {code, message, details}}` when it cannot. Its log goes to our standard error.
 * It ends when we do, because it watches the IPC channel.
 */
export function startChild(
  entry: string,
  options: { readonly name: string; readonly environment: NodeJS.ProcessEnv; readonly quiet: boolean },
): ManagedChild {
  const child: ChildProcess = fork(entry, [], {
    env: options.environment,
    // A group of its own: Ctrl-C in the terminal is for us, who then ask it to stop; its own children, still starting, would die of it.
    detached: true,
    stdio: ['ignore', options.quiet ? 'ignore' : 2, 'pipe', 'ipc'],
    execArgv: ['--enable-source-maps'],
  })
  let lastWords = ''
  child.stderr?.on('data', (data: Buffer) => {
    lastWords = (lastWords + data.toString()).slice(-4000)
    if (!options.quiet) process.stderr.write(data)
  })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.on('message', (message: Record<string, unknown>) => {
      if (message['ready'] === true) resolve(message)
      else if (isFailure(message['failed'])) reject(new DoctownError(message['failed'].code, message['failed'].message, message['failed']))
    })
    void ended.then((code) => {
      const words = lastWords.trim().split('\n').at(-1) ?? ''
      reject(new DoctownError('stage_failed', `${options.name} ended with code ${code} before it was ready. ${words}`.trim()))
    })
  })
  ready.catch(() => {})
  return {
    ready,
    ended,
    async stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

function isFailure(value: unknown): value is { code: ErrorCode; message: string; details: Record<string, unknown> } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && value.code in ERROR_TABLE
}
