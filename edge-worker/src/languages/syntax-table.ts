/**
 * A syntax tree as columns of numbers, one row a node: a node is an index. Walking it makes no objects and asks the native
 * tree nothing, where each look through the binding costs 80 to 300 ns. Kinds and fields are a language's own numbers.
 *
 * Comments are no nodes: they stand in `comments`, in source order, because they may stand anywhere and few readers want
 * them. A comment belongs to the smallest node that has something both before and after it.
 */
export class SyntaxTable {
  count = 0
  kinds = new Uint8Array(FIRST_SIZE)
  /** The field of its parent that a node is in; 0 when in none. */
  fields = new Uint8Array(FIRST_SIZE)
  /** UTF-16 offsets into the file's text. */
  starts = new Uint32Array(FIRST_SIZE)
  ends = new Uint32Array(FIRST_SIZE)
  /** First child and next sibling; 0 where there is none, since node 0 is nobody's. */
  firsts = new Uint32Array(FIRST_SIZE)
  nexts = new Uint32Array(FIRST_SIZE)
  /** Start and end of each comment in turn. */
  comments: number[] = []

  /** Empties the table for the next file; its memory is kept. */
  clear(): void {
    this.comments = []
    this.count = 0
    this.add(0, 0, 0)
  }

  /** A new node without relatives. */
  add(kind: number, start: number, end: number): number {
    const node = this.count++
    if (node === this.kinds.length) this.grow()
    this.kinds[node] = kind
    this.fields[node] = 0
    this.starts[node] = start
    this.ends[node] = end
    this.firsts[node] = 0
    this.nexts[node] = 0
    return node
  }

  /** The child in this field, 0 when there is none. */
  field(node: number, field: number): number {
    let child = this.firsts[node] as number
    while (child !== 0 && this.fields[child] !== field) child = this.nexts[child] as number
    return child
  }

  /** The first child of this kind, 0 when there is none. */
  childOfKind(node: number, kind: number): number {
    let child = this.firsts[node] as number
    while (child !== 0 && this.kinds[child] !== kind) child = this.nexts[child] as number
    return child
  }

  private grow(): void {
    const size = this.kinds.length * 2
    this.kinds = widened(this.kinds, new Uint8Array(size))
    this.fields = widened(this.fields, new Uint8Array(size))
    this.starts = widened(this.starts, new Uint32Array(size))
    this.ends = widened(this.ends, new Uint32Array(size))
    this.firsts = widened(this.firsts, new Uint32Array(size))
    this.nexts = widened(this.nexts, new Uint32Array(size))
  }
}

/** Nodes of an ordinary file. */
const FIRST_SIZE = 1 << 15

function widened<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
