/** Remembers answers by key. A question asked again while it is being answered, as in a circle of re-exports, has the empty answer. */
export class Memo<T> {
  private readonly answers = new Map<string, readonly T[]>()
  private readonly busy = new Set<string>()

  of(key: string, answer: () => readonly T[]): readonly T[] {
    const known = this.answers.get(key)
    if (known !== undefined) return known
    if (this.busy.has(key)) return []
    this.busy.add(key)
    const result = answer()
    this.busy.delete(key)
    // In a circle the first who asked sees the whole; what was cut short inside it is not kept.
    if (this.busy.size === 0 || result.length > 0) this.answers.set(key, result)
    return result
  }
}
