import type { StructuredLog } from './log.js'

/** What was opened is registered at the same line and released in reverse order, each release once. */
export class Lifecycle {
  readonly #releases: { readonly name: string; readonly release: () => Promise<void> | void }[] = []
  #closing: Promise<void> | null = null

  constructor(private readonly log: StructuredLog) {}

  /** Gives the resource back, so that it can be opened and registered in one expression. */
  register<T>(name: string, resource: T, release: (resource: T) => Promise<void> | void): T {
    this.#releases.push({ name, release: () => release(resource) })
    return resource
  }

  close(): Promise<void> {
    this.#closing ??= this.#run()
    return this.#closing
  }

  async #run(): Promise<void> {
    for (const { name, release } of this.#releases.reverse()) {
      try {
        await release()
      } catch (error) {
        this.log.warn('release failed', { resource: name, error })
      }
    }
  }
}
