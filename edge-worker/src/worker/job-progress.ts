import { STAGE_NAMES, type StageName } from '@doctown/common/contracts/stage-services.js'

export interface StageProgress {
  readonly stage: StageName | null
  readonly done: number | null
  readonly total: number | null
}

export const NOWHERE: StageProgress = { stage: null, done: null, total: null }

/** A report costs the queue two commands; a job of ten minutes may cost 500 in all (queue.md, section 1). */
const REPORT_EVERY_MS = 60_000

type Tell = (stage: StageName, done: number, total: number | null) => void

/**
 * How far a job is, for readers: the furthest stage that has begun, because parse, chunk and embed run side by side.
 * The job's own progress is cheap and told always; the worker's report only at a new stage and now and then.
 */
export class JobProgress {
  #furthest = -1
  #reportedMs = 0

  constructor(private readonly options: { readonly monotonicMs: () => number; readonly onProgress: Tell; readonly onReport: Tell }) {}

  readonly update = (stage: StageName, done: number, total: number | null): void => {
    const index = STAGE_NAMES.indexOf(stage)
    if (index < this.#furthest) return
    this.options.onProgress(stage, done, total)
    const now = this.options.monotonicMs()
    if (index === this.#furthest && now - this.#reportedMs < REPORT_EVERY_MS) return
    this.#furthest = index
    this.#reportedMs = now
    this.options.onReport(stage, done, total)
  }
}
