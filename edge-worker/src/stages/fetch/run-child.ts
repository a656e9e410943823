import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { StageContext } from '../../pipeline/stage.js'
import type { FetchOutput, FetchPorts } from '../../pipeline/stage-io.js'
import type { FetchRequest, FromChild, ToChild } from './child-messages.js'
import { guardMemory } from './memory-guard.js'

/** JavaScript's own memory in the child; what it reads lies outside of it, in buffers, and is watched by the guard. */
const HEAP_MIB = 1024

/**
 * Reads the repository in a child process. Resolves or rejects only when the child has ended. Throws the signal's reason when
 * it is aborted, `clone_timeout` past the whole time, `repo_too_large` past the memory, and whatever the child says.
 */
export async function runChild(request: FetchRequest, context: StageContext<FetchPorts>): Promise<FetchOutput> {
  const { signal, log, progress, ports } = context
  signal.throwIfAborted()
  const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const files: SourceFile[] = []
  const manifests: SourceFile[] = []
  let result: FetchOutput | undefined
  let failure: unknown
  /** The first reason counts; after it the child has nothing more to say. */
  const stop = (reason: unknown): void => {
    failure ??= reason
    child.kill('SIGKILL')
  }
  const { limits } = request
  const onAbort = (): void => stop(signal.reason)
  signal.addEventListener('abort', onAbort)
  const wholeTimer = setTimeout(() => stop(tooSlow(limits.wholeMs)), limits.wholeMs)
  const guard = guardMemory(child.pid ?? 0, limits.childBytes, () => stop(tooMuchMemory()))
  const stderr = tail(child)

  // What the child sends is ours; the type says what it may be.
  child.on('message', (message: FromChild) => {
    if (failure !== undefined) return
    switch (message.kind) {
      case 'ask_token':
        askToken(ports).then((token) => tell(child, { kind: 'token', token }), stop)
        break
      case 'progress':
        progress(message.done, message.total)
        break
      case 'files':
        files.push(...message.files)
        manifests.push(...message.manifests)
        break
      case 'done':
        result = { ...message.facts, files, manifests }
        break
      case 'failed':
        failure = new DoctownError(message.code, message.message)
    }
  })
  tell(child, { kind: 'start', request })

  const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', (cause) => {
      reject(
        new DoctownError('stage_failed', 'The process that reads the repository could not be started; the build is tried again.', {
          cause,
        }),
      )
    })
    child.on('close', (code, endSignal) => resolve({ code, signal: endSignal }))
  }).finally(() => {
    clearTimeout(wholeTimer)
    guard.stop()
    signal.removeEventListener('abort', onAbort)
  })
  if (failure !== undefined) throw failure
  if (result !== undefined) return result
  log.warn('fetch process ended early', { ...ended, stderr: stderr() })
  // V8 aborts (134) when its heap is full.
  if (ended.signal === 'SIGABRT' || ended.code === 134) throw tooMuchMemory()
  throw new DoctownError('stage_failed', 'The process that reads the repository ended unexpectedly; the build is tried again.')
}

async function askToken(ports: FetchPorts): Promise<string | null> {
  const token = ports.token === null ? null : await ports.token()
  return token === '' ? null : token
}

function tell(child: ChildProcess, message: ToChild): void {
  // It may have ended meanwhile; `close` tells.
  child.send(message, () => undefined)
}

function tooSlow(wholeMs: number): DoctownError {
  return new DoctownError(
    'clone_timeout',
    `Reading the repository took longer than ${wholeMs / 1000} s; try again when the network is faster.`,
  )
}

function tooMuchMemory(): DoctownError {
  return new DoctownError(
    'repo_too_large',
    'Unpacking the repository needs more memory than Doctown gives to one; it holds files that are too large.',
  )
}

/** The last words on standard error, for the log. The token never goes through standard error. */
function tail(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-1000)))
  return () => text
}
