import { STAGE_NAMES, type StageName } from '@doctown/common/contracts/stage-services.js'
import type { Console } from './console.js'

/**
 * Progress of a build: on a terminal one line with stage, done/total and time left; elsewhere one plain line a stage.
 * Stages that stream run side by side; the latest one to move is shown.
 */
export class BuildProgress {
  readonly #begun = new Map<string, number>()
  #lastDrawn = 0

  constructor(
    private readonly console: Pick<Console, 'note' | 'overwrite' | 'live'>,
    private readonly nowMs: () => number,
  ) {}

  update(stage: StageName, done: number, total: number | null): void {
    const now = this.nowMs()
    const begin = this.#begun.get(stage)
    if (begin === undefined) {
      this.#begun.set(stage, now)
      if (!this.console.live) this.console.note(`${position(stage)} ${stage}`)
    }
    if (!this.console.live || now - this.#lastDrawn < 80) return
    this.#lastDrawn = now
    const elapsed = now - (begin ?? now)
    const left = total !== null && done > 0 && total > done && elapsed > 500 ? `, ${seconds((elapsed / done) * (total - done))} left` : ''
    const share = total === null || total === 0 ? '' : ` ${bar(done / total)}`
    const count = total === null ? (done > 0 ? ` ${done}` : '') : ` ${done}/${total}`
    this.console.overwrite(`${position(stage)} ${stage.padEnd(9)}${share}${count}${left}`)
  }
}

const position = (stage: StageName): string => `[${String(STAGE_NAMES.indexOf(stage) + 1).padStart(2)}/${STAGE_NAMES.length}]`

const bar = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * 20)
  return `${'━'.repeat(full)}${'─'.repeat(20 - full)}`
}

const seconds = (ms: number): string => (ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`)
