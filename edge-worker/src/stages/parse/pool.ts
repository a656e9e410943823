import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { SkipReason } from '@doctown/common/contracts/skip.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../../languages/language.js'
import type { ParseItem } from '../../pipeline/stage-io.js'
import type { ToChild, ToParent } from './messages.js'
import { fromTransit } from './transit.js'

export interface PoolOptions {
  readonly size: number
  readonly packages: Readonly<Record<string, PackageFacts>>
  readonly log: { warn(message: string, facts?: Readonly<Record<string, unknown>>): void }
  /** Time for one file; `LIMITS.parseFileMs` unless a test is in a hurry. */
  readonly limitMs?: number
  /** False for what files define alone, as in `TextInput`. */
  readonly references?: boolean
  /** Resident memory of one child; `LIMITS.parseChildBytes` unless a test is modest. */
  readonly memoryBytes?: number
  /** The program of a child; ours unless a test wants a broken one. */
  readonly program?: URL
  /** Called with every new child's process id. */
  readonly onSpawn?: (pid: number) => void
}

export interface ParserPool {
  /** An item for each file, in order. Rejects only when no parser process can be started, or after `close`. */
  parse(files: readonly SourceFile[]): Promise<ParseItem[]>
  /** Kills every child. What was asked and not answered rejects. */
  close(): void
}

interface Task {
  readonly files: readonly SourceFile[]
  readonly items: ParseItem[]
  /** Children that died before they had looked at it. */
  unseen: number
  readonly resolve: (items: ParseItem[]) => void
  readonly reject: (error: Error) => void
}

interface Worker {
  readonly child: ChildProcess
  ready: boolean
  /** It has taken up the task; until then its death is no file's fault. */
  begun: boolean
  task: Task | null
  /** Why we are about to kill it; a death of its own is `parser_crashed`. */
  fault: SkipReason
  killed: boolean
  timer: NodeJS.Timeout | null
}

/**
 * V8 optimises a function after so much work in it, by default 67,584 bytes of byte code. A child lives for seconds: that soon,
 * the optimiser takes a third of its time (docs/measurements.md).
 */
const CHILD_FLAGS = ['--max-old-space-size=768', '--interrupt-budget=1000000']

/** The child stops by itself at the limit; this much later it hangs in native code. */
const HARD_EXTRA_MS = 500
/** After a stall of our own event loop answers may be waiting to be read: look once more before killing. */
const SECOND_LOOK_MS = 150
/** A busy machine may need this long to start Node and load a grammar. */
const START_MS = 30_000
const MAX_UNSEEN = 3
const MEMORY_CHECK_MS = 200

/** Child processes that parse. One that dies or must be killed costs the file it had; the rest of its batch goes to a new one. */
export function createParserPool(options: PoolOptions): ParserPool {
  const waiting: Task[] = []
  const workers = new Set<Worker>()
  const limitMs = options.limitMs ?? LIMITS.parseFileMs
  const memoryBytes = options.memoryBytes ?? LIMITS.parseChildBytes
  let closed = false

  const memoryTimer = setInterval(() => void checkMemory(workers, memoryBytes), MEMORY_CHECK_MS)
  memoryTimer.unref()

  const spawn = (): Worker => {
    // No environment: a parser of strangers' files needs none of our secrets.
    const child = fork(options.program ?? new URL('./child.js', import.meta.url), [], {
      serialization: 'advanced',
      execArgv: CHILD_FLAGS,
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const worker: Worker = { child, ready: false, begun: false, task: null, fault: 'parser_crashed', killed: false, timer: null }
    workers.add(worker)
    if (child.pid !== undefined) options.onSpawn?.(child.pid)
    child.on('message', (message: ToParent) => receive(worker, message))
    // Without a process there will be no exit to wait for.
    child.on('error', (error) => (child.pid === undefined ? bury(worker, { error: error.message }) : child.kill('SIGKILL')))
    child.on('exit', (code, signal) => bury(worker, { code, signal }))
    post(worker, { kind: 'settings', packages: options.packages, limitMs, references: options.references ?? true })
    return worker
  }

  const dispatch = (): void => {
    while (waiting.length > 0 && !closed) {
      let worker = [...workers].find((candidate) => candidate.task === null && !candidate.killed && candidate.child.connected)
      if (worker === undefined && workers.size >= options.size) return
      worker ??= spawn()
      const task = waiting.shift() as Task
      worker.task = task
      worker.begun = false
      post(worker, { kind: 'files', files: task.files.slice(task.items.length) })
      watch(worker)
    }
  }

  const receive = (worker: Worker, message: ToParent): void => {
    // What a child says after its sentence is not heard, or its next file would be blamed.
    if (worker.killed) return
    const task = worker.task
    if (message.kind === 'ready') {
      worker.ready = true
      if (task !== null) watch(worker)
      return
    }
    if (message.kind === 'begun') {
      worker.begun = true
      if (message.rssBytes > memoryBytes) kill(worker, 'parser_crashed')
      return
    }
    const file = task?.files[task.items.length]
    if (task === null || file === undefined) return
    if (message.kind === 'parsed') task.items.push({ kind: 'parsed', parsed: fromTransit(message.parsed, file.text) })
    else task.items.push({ kind: 'skipped', skipped: { file: file.path, reason: message.reason } })
    if (task.items.length < task.files.length) return watch(worker)
    finish(worker, task)
  }

  const finish = (worker: Worker, task: Task): void => {
    worker.task = null
    stopWatch(worker)
    task.resolve(task.items)
    dispatch()
  }

  /** A new time limit for the file that the child has now. */
  const watch = (worker: Worker): void => {
    stopWatch(worker)
    worker.timer = setTimeout(
      () => {
        worker.timer = setTimeout(() => kill(worker, 'parse_timeout'), SECOND_LOOK_MS)
      },
      worker.ready ? limitMs + HARD_EXTRA_MS : START_MS,
    )
  }

  const bury = (worker: Worker, facts: Readonly<Record<string, unknown>>): void => {
    if (!workers.delete(worker)) return
    stopWatch(worker)
    const task = worker.task
    worker.task = null
    if (closed) return
    if (task === null) return dispatch()
    if (!worker.ready) {
      const message = 'The parser process does not start; run "doctown doctor" to see what is missing.'
      task.reject(new DoctownError('stage_failed', message, { details: facts }))
      return dispatch()
    }
    const file = task.files[task.items.length]
    const blamed = worker.begun || worker.fault === 'parse_timeout' || ++task.unseen > MAX_UNSEEN
    if (file !== undefined && blamed) {
      options.log.warn('parser child died', { file: file.path, reason: worker.fault, ...facts })
      task.items.push({ kind: 'skipped', skipped: { file: file.path, reason: worker.fault } })
    }
    if (task.items.length === task.files.length) task.resolve(task.items)
    else waiting.unshift(task)
    dispatch()
  }

  return {
    parse: (files) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(closedError())
        waiting.push({ files, items: [], unseen: 0, resolve, reject })
        dispatch()
      }),
    close() {
      closed = true
      clearInterval(memoryTimer)
      for (const task of waiting.splice(0)) task.reject(closedError())
      for (const worker of workers) {
        worker.task?.reject(closedError())
        kill(worker, 'parser_crashed')
      }
    },
  }
}

function closedError(): DoctownError {
  return new DoctownError('cancelled', 'Parsing was stopped before it was done.')
}

function post(worker: Worker, message: ToChild): void {
  // A child that died meanwhile is buried by its exit event.
  if (worker.child.connected) worker.child.send(message, () => {})
}

function stopWatch(worker: Worker): void {
  if (worker.timer !== null) clearTimeout(worker.timer)
  worker.timer = null
}

function kill(worker: Worker, fault: SkipReason): void {
  worker.fault = fault
  worker.killed = true
  stopWatch(worker)
  worker.child.kill('SIGKILL')
}

/** From outside, because a child deep in native code reports nothing. Where there is no /proc its answers tell. */
async function checkMemory(workers: ReadonlySet<Worker>, memoryBytes: number): Promise<void> {
  for (const worker of workers) {
    if (!worker.ready) continue
    const statm = await readFile(`/proc/${worker.child.pid}/statm`, 'utf8').catch(() => '')
    const pages = Number(statm.split(' ')[1] ?? 0)
    if (pages * 4096 > memoryBytes) kill(worker, 'parser_crashed')
  }
}
