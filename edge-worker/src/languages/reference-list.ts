import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, TypeFact, ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from './language.js'
import type { Holder } from './reading.js'
import { isUnknown } from './value-origin.js'

/** The references and type facts found in one file so far, by offsets of its text. */
export class ReferenceList {
  readonly references: Reference[] = []
  readonly facts: TypeFact[] = []
  /** What each symbol was seen to name. */
  private readonly seen = new Map<SymbolId | null, Seen>()
  private lastOwner: SymbolId | null = null
  private lastSeen: Seen
  private readonly lineStarts: number[] = [0]
  private readonly parents: number[] = []

  constructor(
    readonly text: string,
    private readonly spans: readonly SymbolSpan[],
  ) {
    this.lastSeen = newSeen()
    this.seen.set(null, this.lastSeen)
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
    const open: number[] = []
    spans.forEach((span, index) => {
      while (open.length > 0 && (spans[open[open.length - 1] ?? 0]?.end ?? 0) <= span.start) open.pop()
      this.parents.push(open[open.length - 1] ?? -1)
      open.push(index)
    })
  }

  /** The innermost symbol whose text holds this offset. */
  ownerAt(offset: number): SymbolId | null {
    const { spans } = this
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      // `as`, here and below: the index is in range, which the compiler cannot see.
      if ((spans[middle] as SymbolSpan).start <= offset) low = middle + 1
      else high = middle
    }
    let index = low - 1
    while (index >= 0 && (spans[index]?.end ?? 0) <= offset) index = this.parents[index] ?? -1
    return spans[index]?.id ?? null
  }

  lineAt(offset: number): number {
    const { lineStarts } = this
    let low = 0
    let high = lineStarts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((lineStarts[middle] as number) <= offset) low = middle + 1
      else high = middle
    }
    return low
  }

  fact(symbolId: SymbolId | null, kind: TypeFact['kind'], fact: { name?: string; type?: string; trait?: string | null }): void {
    if (symbolId === null) return
    this.facts.push({ symbol_id: symbolId, kind, name: fact.name ?? '', type: fact.type ?? '', trait: fact.trait ?? null })
  }

  /** Adds a reference and tells its index, by which values name it. The path is kept, not copied. */
  addAt(kind: Reference['kind'], offset: number, place: Holder, path: string[], more: Partial<Reference> = NOTHING): number {
    const reference: Reference = {
      kind,
      from: place.owner,
      line: this.lineAt(offset),
      path,
      receiver: null,
      args: [],
      type_args: [],
      alias: null,
      is_public: false,
      arity: null,
      in_macro: place.inMacro,
    }
    if (more !== NOTHING) Object.assign(reference, more)
    return this.references.push(reference) - 1
  }

  /** The arguments are read after the call has its index, because a closure's parameters name it. */
  setArguments(index: number, args: readonly ValueOrigin[]): void {
    const reference = this.references[index]
    if (reference === undefined) return
    reference.arity = args.length
    if (args.some((arg) => !isUnknown(arg))) reference.args = [...args]
  }

  /** One type named many times in a symbol says no more than once. */
  addOnceAt(kind: 'type' | 'value', offset: number, place: Holder, path: readonly string[]): void {
    const seen = this.seenBy(place.owner)[kind]
    const before = seen.size
    if (seen.add(path.length === 1 ? (path[0] as string) : path.join('::')).size > before) this.addAt(kind, offset, place, [...path])
  }

  private seenBy(owner: SymbolId | null): Seen {
    if (owner === this.lastOwner) return this.lastSeen
    let seen = this.seen.get(owner)
    if (seen === undefined) this.seen.set(owner, (seen = newSeen()))
    this.lastOwner = owner
    this.lastSeen = seen
    return seen
  }
}

interface Seen {
  readonly type: Set<string>
  readonly value: Set<string>
}

const NOTHING: Partial<Reference> = {}

function newSeen(): Seen {
  return { type: new Set(), value: new Set() }
}
