import type { Lists } from './bucket-tables.js'

/** What a batch is asked: which of its pairs belong together, and which are not to be told apart. Buffers are used again by the next batch. */
export class Supervision {
  readonly positive: Float32Array
  readonly mask: Float32Array
  #touched: number[] = []

  constructor(readonly size: number) {
    this.positive = new Float32Array(size * size)
    this.mask = new Float32Array(size * size)
    for (let i = 0; i < size; i++) this.mask[i * size + i] = -1e9
  }

  /**
   * Pairs of `supervised` inside the batch are positive, each with weight 1 / (positives of its row * rows that have any), so that the
   * loss is a mean of means. Pairs of `messages` are known to be tied as well: neither right nor wrong answers.
   * `place` is scratch of `nodeCount` numbers, -1 throughout; it is left so.
   */
  ask(batch: Uint32Array, { supervised, messages }: { supervised: Lists; messages: Lists }, place: Int32Array): void {
    for (const at of this.#touched) this.positive[at] = this.mask[at] = 0
    this.#touched = []
    batch.forEach((node, i) => (place[node] = i))
    const partners = (lists: Lists, i: number): number[] => {
      const node = batch[i]!
      const found: number[] = []
      for (let at = lists.start[node]!; at < lists.start[node + 1]!; at++) {
        const other = place[lists.items[at]!]!
        if (other !== -1) found.push(other)
      }
      return found
    }
    const positives = Array.from(batch, (_, i) => partners(supervised, i))
    const anchors = positives.filter((found) => found.length > 0).length
    positives.forEach((found, i) => {
      for (const other of found) this.#set(this.positive, i, other, 1 / (found.length * anchors))
      for (const other of partners(messages, i)) this.#set(this.mask, i, other, -1e9)
    })
    for (const node of batch) place[node] = -1
  }

  #set(matrix: Float32Array, i: number, j: number, value: number): void {
    const at = i * this.size + j
    matrix[at] = value
    this.#touched.push(at)
  }
}
