import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { isUnknown, oneOf, UNKNOWN } from '../value-origin.js'

/** A name that belongs to the function and holds nothing yet. */
export const UNBOUND: ValueOrigin = { base: { kind: 'unknown' }, steps: [] }

export type Changes = ReadonlyMap<string, ValueOrigin>

/** A name may hold one of these many kinds of values before nothing is said of it. */
const MOST_VALUES = 4

/**
 * The names of a function, a module or a comprehension, and where their values come from at the place that is being read.
 * A name may be given another value at any time, in one branch and not in the other.
 */
export class FlowScope {
  private readonly names = new Map<string, ValueOrigin>()
  /** Of each branch that is being read, what its names held before. */
  private readonly journals: Map<string, ValueOrigin | undefined>[] = []

  constructor(private readonly parent: FlowScope | null = null) {}

  bind(name: string, origin: ValueOrigin): void {
    const journal = this.journals[this.journals.length - 1]
    if (journal !== undefined && !journal.has(name)) journal.set(name, this.names.get(name))
    this.names.set(name, origin)
  }

  /** `undefined` for a name that is none of its own: a global, an import, a builtin. */
  get(name: string): ValueOrigin | undefined {
    return this.names.get(name) ?? this.parent?.get(name)
  }

  /** What a part of the code that may be passed over does to the names, taken back afterwards. */
  branch(read: () => void): Changes {
    const journal = new Map<string, ValueOrigin | undefined>()
    this.journals.push(journal)
    read()
    this.journals.pop()
    const changes = new Map<string, ValueOrigin>()
    for (const [name, before] of journal) {
      changes.set(name, this.names.get(name) ?? UNBOUND)
      if (before === undefined) this.names.delete(name)
      else this.names.set(name, before)
    }
    return changes
  }

  /** After the branches one of them has run, or, where `orNone` says so, none. */
  merge(branches: readonly Changes[], orNone: boolean): void {
    const names = new Set(branches.flatMap((changes) => [...changes.keys()]))
    for (const name of names) {
      const before = this.names.get(name) ?? UNBOUND
      const values = branches.map((changes) => changes.get(name) ?? before)
      this.bind(name, either(orNone ? [...values, before] : values))
    }
  }
}

/** What is not set in one branch is set in the other; what one branch says nothing of is unknown afterwards. */
function either(values: readonly ValueOrigin[]): ValueOrigin {
  const kept = [...new Set(values)].filter((value) => value !== UNBOUND && !isNone(value))
  if (kept.length === 0) return values.find((value) => value !== UNBOUND) ?? UNBOUND
  if (kept.some(isUnknown) || kept.length > MOST_VALUES) return UNKNOWN
  return oneOf(kept)
}

export function isNone({ base, steps }: ValueOrigin): boolean {
  return base.kind === 'type' && base.text === 'None' && steps.length === 0
}
