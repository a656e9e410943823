import { asDoctownError, DoctownError } from '@doctown/common/contracts/errors.js'
import { STAGE_LIMITS_MS } from '@doctown/common/contracts/limits.js'
import type { StageName } from '@doctown/common/contracts/stage-services.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import type { Stage, StageLog } from './stage.js'

export interface StepOptions {
  readonly log: StageLog
  readonly signal: AbortSignal
  readonly seed: number
  readonly tempDir: string
  /** Milliseconds from any fixed point; for durations. */
  readonly monotonicMs: () => number
  readonly onProgress: (stage: StageName, done: number, total: number | null) => void
  readonly onStageEnd: (stage: StageName) => void
  /** Only under NODE_ENV=test: a stage that waits for ever once it has begun, so that a test can kill the worker there. */
  readonly pauseAt: StageName | null
  readonly limitsMs?: Readonly<Partial<Record<StageName, number>>>
}

export interface StageTime {
  readonly name: StageName
  readonly seconds: number
}

/** Runs stages: the one home of timing, logging, progress, cancellation and time limits. */
export class Steps {
  readonly #times = new Map<StageName, number>()

  constructor(private readonly options: StepOptions) {}

  /** Seconds in each stage so far, in the order in which they began. Of stages that stream, the time that the next one waited for them. */
  times(): StageTime[] {
    return [...this.#times].map(([name, ms]) => ({ name, seconds: ms / 1000 }))
  }

  /** One stage, plain data in and out. Throws what the stage threw as a DoctownError. */
  async run<Input, Output, Ports>(stage: Stage<Input, Output, Ports>, input: Input, ports: Ports): Promise<Output> {
    const scope = this.#open(stage.name)
    try {
      this.options.onProgress(stage.name, 0, null)
      const output = await scope.race(this.#call(stage, input, ports, scope.signal))
      this.#close(stage.name, scope.elapsedMs())
      return output
    } catch (error) {
      throw this.#translate(stage.name, error)
    } finally {
      scope.end()
    }
  }

  /**
   * A stage whose output is a stream. Nothing happens until it is read; the clock runs while a reader waits.
   * `upstream` is the stream this one reads, whose waiting time is not counted twice.
   */
  stream<Input, Item, Ports>(
    stage: Stage<Input, AsyncIterable<Item>, Ports>,
    input: Input,
    ports: Ports,
    upstream?: TimedStream<unknown>,
  ): TimedStream<Item> {
    const read = (): AsyncGenerator<Item> => this.#read(stage, input, ports, timed, upstream)
    const timed: TimedStream<Item> = { waitedMs: 0, [Symbol.asyncIterator]: () => read() }
    return timed
  }

  async *#read<Input, Item, Ports>(
    stage: Stage<Input, AsyncIterable<Item>, Ports>,
    input: Input,
    ports: Ports,
    timed: TimedStream<Item>,
    upstream?: TimedStream<unknown>,
  ): AsyncGenerator<Item> {
    const scope = this.#open(stage.name)
    const wait = async <T>(work: Promise<T>): Promise<T> => {
      const begin = this.options.monotonicMs()
      try {
        return await scope.race(work)
      } finally {
        timed.waitedMs += this.options.monotonicMs() - begin
        this.#times.set(stage.name, Math.max(0, timed.waitedMs - (upstream?.waitedMs ?? 0)))
      }
    }
    let iterator: AsyncIterator<Item> | undefined
    try {
      const stream = await wait(this.#call(stage, input, ports, scope.signal))
      iterator = stream[Symbol.asyncIterator]()
      for (let first = true; ; first = false) {
        const next = await wait(iterator.next())
        // Streams are pulled from the end, so the last begins first; each is told of when its first item is there.
        if (first) this.options.onProgress(stage.name, 0, null)
        if (next.done === true) break
        yield next.value
      }
      iterator = undefined
      this.#close(stage.name, this.#times.get(stage.name) ?? 0)
    } catch (error) {
      throw this.#translate(stage.name, error)
    } finally {
      scope.end()
      // The reader left early or something failed: let the stage release what it holds, but never wait for a stuck one.
      await Promise.race([iterator?.return?.(), sleep(2000)])
    }
  }

  async #call<Input, Output, Ports>(stage: Stage<Input, Output, Ports>, input: Input, ports: Ports, signal: AbortSignal): Promise<Output> {
    this.options.log.info('stage started', { stage: stage.name })
    if (this.options.pauseAt === stage.name) {
      this.options.onProgress(stage.name, 0, null)
      this.options.log.warn('paused for a test', { stage: stage.name })
      await sleep(2 ** 30, signal)
    }
    return stage.run(input, {
      ports,
      log: this.options.log,
      signal,
      seed: this.options.seed,
      tempDir: this.options.tempDir,
      progress: (done, total) => this.options.onProgress(stage.name, done, total),
    })
  }

  #open(name: StageName) {
    const begin = this.options.monotonicMs()
    if (!this.#times.has(name)) this.#times.set(name, 0)
    const limitMs = this.options.limitsMs?.[name] ?? STAGE_LIMITS_MS[name]
    const controller = new AbortController()
    const forward = (): void => controller.abort(this.options.signal.reason)
    if (this.options.signal.aborted) forward()
    this.options.signal.addEventListener('abort', forward, { once: true })
    const timer = setTimeout(() => {
      controller.abort(
        new DoctownError('stage_timeout', `The ${name} stage took longer than ${Math.round(limitMs / 1000)} s; the job is tried again.`),
      )
    }, limitMs)
    const aborted = new Promise<never>((_, reject) => {
      const fail = (): void => reject(controller.signal.reason as Error)
      if (controller.signal.aborted) fail()
      else controller.signal.addEventListener('abort', fail, { once: true })
    })
    aborted.catch(() => {})
    return {
      signal: controller.signal,
      /** A stage that does not heed its signal must not hold the job. */
      race: <T>(work: Promise<T>): Promise<T> => Promise.race([work, aborted]),
      elapsedMs: () => this.options.monotonicMs() - begin,
      end: () => {
        clearTimeout(timer)
        this.options.signal.removeEventListener('abort', forward)
      },
    }
  }

  #close(name: StageName, ms: number): void {
    this.#times.set(name, ms)
    this.options.log.info('stage finished', { stage: name, durationMs: Math.round(ms) })
    this.options.onStageEnd(name)
  }

  #translate(name: StageName, error: unknown): DoctownError {
    if (this.options.signal.aborted && !(error instanceof DoctownError)) return asDoctownError(this.options.signal.reason, 'cancelled')
    if (isDiskFull(error)) {
      return new DoctownError('disk_full', `The disk is full in the ${name} stage; free some space and the job is tried again.`, {
        cause: error,
      })
    }
    if (error instanceof DoctownError) return error
    const reason = error instanceof Error ? error.message : String(error)
    return new DoctownError('stage_failed', `The ${name} stage failed: ${reason}`, { cause: error, details: { stage: name } })
  }
}

/** A stream that knows how long its reader has waited for it. */
export interface TimedStream<Item> extends AsyncIterable<Item> {
  waitedMs: number
}

const isDiskFull = (error: unknown): boolean => error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOSPC'
