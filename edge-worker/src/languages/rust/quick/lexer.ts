import { FINE_ENOUGH } from '../../cuts.js'
import { K } from '../kinds.js'
import { NOT_QUICK, Scanner, type Stretch } from './scanner.js'
import { T } from './tokens.js'

/** Deeper than this nothing is read here: every level costs stack, and the tree's own limit must not be reached. */
const MAX_LEVEL = 250
const MAX_HEIGHT = 460

/** Tokens of a stretch of Rust and the nodes that are made of them. */
export class Lexer extends Scanner {
  level = 0
  private lasts = new Uint32Array(1 << 15)
  private heights = new Uint16Array(1 << 15)
  private highest = MAX_HEIGHT

  override begin(stretch: Stretch): void {
    const { depth = 0 } = stretch
    this.level = depth
    this.highest = MAX_HEIGHT - depth
    super.begin(stretch)
  }

  deeper(): void {
    if (++this.level > MAX_LEVEL) throw NOT_QUICK
  }

  node(kind: number, start: number): number {
    const node = this.table.add(kind, start, start)
    if (node >= this.lasts.length) this.grow()
    this.lasts[node] = 0
    this.heights[node] = 0
    return node
  }

  /** A leaf of the token under the cursor, which is passed. */
  leaf(kind: number): number {
    const node = this.node(kind, this.start)
    this.table.ends[node] = this.end
    this.next()
    return node
  }

  /** An identifier's node. */
  identifier(kind: number = K.identifier): number {
    if (this.token !== T.identifier) throw NOT_QUICK
    return this.leaf(kind)
  }

  /** The node ends with the token before the cursor. */
  close(node: number): number {
    this.table.ends[node] = this.before
    return node
  }

  /** Closes a node whose inside is of use only when there may be a place to cut in it. */
  closeLong(node: number): number {
    this.table.ends[node] = this.before
    if (this.before - (this.table.starts[node] as number) <= FINE_ENOUGH) this.drop(node)
    return node
  }

  /** Forgets all that was read inside a node which was the last to be begun outside of it. */
  drop(node: number): void {
    this.table.count = node + 1
    this.table.firsts[node] = 0
    this.lasts[node] = 0
    this.heights[node] = 0
  }

  attach(parent: number, child: number, field = 0): void {
    const { table, lasts, heights } = this
    table.fields[child] = field
    const last = lasts[parent] as number
    if (last === 0) table.firsts[parent] = child
    else table.nexts[last] = child
    lasts[parent] = child
    const height = (heights[child] as number) + 1
    if (height > (heights[parent] as number)) {
      if (height > this.highest) throw NOT_QUICK
      heights[parent] = height
    }
  }

  private grow(): void {
    const lasts = new Uint32Array(this.table.kinds.length)
    lasts.set(this.lasts)
    this.lasts = lasts
    const heights = new Uint16Array(this.table.kinds.length)
    heights.set(this.heights)
    this.heights = heights
  }
}
