import type { DoctownEvent } from '../../contracts/event.js'

/** One job's events in memory. A new attempt starts over at sequence 1; readers then see the new attempt from its beginning. */
export class EventLog {
  #attempt = 0
  #events: DoctownEvent[] = []
  #ended = false
  readonly #waiting = new Set<() => void>()

  append(attempt: number, events: readonly DoctownEvent[]): void {
    if (attempt < this.#attempt || events.length === 0) return
    if (attempt > this.#attempt) {
      this.#attempt = attempt
      this.#events = []
    }
    this.#events.push(...events)
    this.#wake()
  }

  /** The job is over; `last` is added unless the worker told the end itself. */
  end(last: (sequence: number) => DoctownEvent): void {
    if (this.#ended) return
    this.#ended = true
    const newest = this.#events.at(-1)
    if (newest?.event_type !== 'job.completed.v1') this.#events.push(last((newest?.sequence ?? 0) + 1))
    this.#wake()
  }

  async *read(afterSequence: number, signal: AbortSignal): AsyncGenerator<DoctownEvent> {
    let attempt = this.#attempt
    let after = afterSequence
    while (!signal.aborted) {
      if (this.#attempt !== attempt) {
        // What was read belongs to an attempt that is over; before the first attempt there was nothing to read.
        if (attempt !== 0) after = 0
        attempt = this.#attempt
      }
      // Who has seen more than there is has seen an attempt that is over.
      if (after > (this.#events.at(-1)?.sequence ?? after)) after = 0
      for (const event of this.#events.filter(({ sequence }) => sequence > after)) {
        after = event.sequence
        yield event
        if (signal.aborted) return
      }
      if (this.#attempt !== attempt || this.#events.some(({ sequence }) => sequence > after)) continue
      if (this.#ended) return
      await this.#change(signal)
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
