import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Standard output as the one JSON object it must be. */
  json<T = Record<string, unknown>>(): T
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Called with the process once it runs, to send it a signal. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Called with all of standard error so far, each time there is more of it. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
  /** Signals reach the whole process group, as Ctrl-C in a terminal does. */
  readonly asTerminal?: boolean
}

/** Runs the `doctown` command as a user would, in a process of its own. */
export function doctown(
  args: readonly string[],
  { cwd, environment = {}, onStart, onStderr, asTerminal = false }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryRoot(), 'edge-worker/bin/doctown.mjs'), ...args], {
      cwd,
      // A folder that cannot be made: what is not asked to be kept is not kept.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], XDG_CACHE_HOME: '/dev/null/cache', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: asTerminal,
    })
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) process.kill(asTerminal ? -child.pid : child.pid, signal)
    }
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString()
      onStderr?.(stderr, kill)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }))
    onStart?.(kill)
  })
}
