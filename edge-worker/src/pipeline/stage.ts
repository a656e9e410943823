import type { StageName } from '@doctown/common/contracts/stage-services.js'
import type { z } from 'zod'

/** The little that a stage needs of a logger: a constant phrase, facts in fields. */
export interface StageLog {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** What a stage sees besides its input: the ports it names, and nothing else of the world. */
export interface StageContext<Ports = unknown> {
  readonly ports: Ports
  readonly log: StageLog
  /** Aborted on cancellation, time-out and shutdown; its `reason` is a DoctownError. */
  readonly signal: AbortSignal
  /** Tells how far it is; cheap enough for every item. `total` is null while unknown. */
  readonly progress: (done: number, total: number | null) => void
  /** The one seed of this build. Same input and seed, same output. */
  readonly seed: number
  /** A folder of this attempt's own, removed when the job ends, whatever happens. */
  readonly tempDir: string
}

/**
 * One step of the build: plain data in, plain data out. `run` is a property and not a method,
 * so that a missing port is a compile error. Input or output may be an AsyncIterable of its contract.
 */
export interface Stage<Input, Output, Ports = unknown> {
  readonly name: StageName
  /** Raised when the same input would give another output. Part of a checkpoint's key. */
  readonly version: number
  /** Schema of the input (of one item where it is a stream). */
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly run: (input: Input, context: StageContext<Ports>) => Promise<Output> | Output
}
