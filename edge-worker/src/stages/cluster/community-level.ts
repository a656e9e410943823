import { countedUp } from '@doctown/common/runtime/counted-up.js'
import type { WeightedGraph } from './weighted-graph.js'

interface Rows {
  readonly start: Uint32Array
  readonly neighbour: Uint32Array
  readonly weight: Float64Array
}

/** A graph whose nodes lie in communities: at first each in its own, later the communities of the level below are the nodes. */
export class CommunityLevel {
  readonly size: number
  readonly start: Uint32Array
  readonly neighbour: Uint32Array
  readonly weight: Float64Array
  readonly community: Uint32Array
  readonly #members: Uint32Array
  /** Weight of all edge ends in a community, loops counted twice. */
  readonly #total: Float64Array
  /** Communities that lost their last member. */
  readonly #empty: number[] = []
  /** Of each node of the level below the node that it became. */
  readonly made: Uint32Array

  private constructor(
    { start, neighbour, weight }: Rows,
    total: Float64Array,
    /** Twice the weight inside each node. */
    private readonly loops: Float64Array,
    /** Weight of all edges, the same at every level. */
    private readonly weightOfAll: number,
    made: Uint32Array,
  ) {
    this.size = total.length
    this.start = start
    this.neighbour = neighbour
    this.weight = weight
    this.made = made
    this.community = countedUp(total.length)
    this.#members = new Uint32Array(this.size).fill(1)
    this.#total = total
  }

  static of({ nodeCount, sources, targets, weights }: WeightedGraph): CommunityLevel {
    const start = new Uint32Array(nodeCount + 1)
    const total = new Float64Array(nodeCount)
    let all = 0
    for (let edge = 0; edge < sources.length; edge++) {
      start[sources[edge]!]!++
      start[targets[edge]!]!++
      total[sources[edge]!]! += weights[edge]!
      total[targets[edge]!]! += weights[edge]!
      all += weights[edge]!
    }
    for (let node = 1; node <= nodeCount; node++) start[node]! += start[node - 1]!
    const neighbour = new Uint32Array(start[nodeCount]!)
    const weight = new Float64Array(start[nodeCount]!)
    // Rows are filled from their ends: `start` stands at the row's beginning when all are in.
    for (let edge = 0; edge < sources.length; edge++) {
      const [a, b] = [sources[edge]!, targets[edge]!]
      neighbour[--start[a]!] = b
      neighbour[--start[b]!] = a
      weight[start[a]!] = weight[start[b]!] = weights[edge]!
    }
    return new CommunityLevel({ start, neighbour, weight }, total, new Float64Array(nodeCount), all, new Uint32Array(0))
  }

  /** What modularity gains, times the weight of all edges, when `node` joins a community that it is not in. */
  gainOf(node: number, degree: number, to: { readonly ties: number; readonly community: number }): number {
    return to.ties - ((degree + this.loops[node]!) * this.#total[to.community]!) / (2 * this.weightOfAll)
  }

  /** The same for the community that it is in. */
  gainOfStaying(node: number, degree: number, ties: number): number {
    const ends = degree + this.loops[node]!
    return ties - (ends * (this.#total[this.community[node]!]! - ends)) / (2 * this.weightOfAll)
  }

  /** A community for the node alone: its own when nobody else is there. */
  alone(node: number): number {
    const own = this.community[node]!
    return this.#members[own] === 1 ? own : this.#empty.pop()!
  }

  move(node: number, degree: number, to: number): void {
    const from = this.community[node]!
    const ends = degree + this.loops[node]!
    this.#total[from]! -= ends
    this.#total[to]! += ends
    this.community[node] = to
    this.#members[to]!++
    if (--this.#members[from]! === 0) this.#empty.push(from)
  }

  /** The level above: communities as nodes, in the order in which nodes name them. */
  next(): CommunityLevel {
    const made = new Uint32Array(this.size)
    const number = new Int32Array(this.size).fill(-1)
    const total: number[] = []
    for (let node = 0; node < this.size; node++) {
      const community = this.community[node]!
      if (number[community] === -1) number[community] = total.push(this.#total[community]!) - 1
      made[node] = number[community]!
    }
    const { rows, loops } = this.#joined(made, total.length)
    return new CommunityLevel(rows, Float64Array.from(total), loops, this.weightOfAll, made)
  }

  #joined(made: Uint32Array, size: number): { rows: Rows; loops: Float64Array } {
    const loops = new Float64Array(size)
    const start = new Uint32Array(size + 1)
    const neighbour = new Uint32Array(this.neighbour.length)
    const weight = new Float64Array(this.neighbour.length)
    /** Weight from the group at hand to each other; -1 where there is no edge. */
    const sum = new Float64Array(size).fill(-1)
    const members = grouped(made, size)
    let end = 0
    for (let group = 0; group < size; group++) {
      for (let i = members.start[group]!; i < members.start[group + 1]!; i++) {
        const node = members.items[i]!
        loops[group]! += this.loops[node]!
        for (let at = this.start[node]!; at < this.start[node + 1]!; at++) {
          const other = made[this.neighbour[at]!]!
          if (other === group) loops[group]! += this.weight[at]!
          else {
            if (sum[other] === -1) {
              neighbour[end++] = other
              sum[other] = 0
            }
            sum[other]! += this.weight[at]!
          }
        }
      }
      neighbour.subarray(start[group], end).sort()
      for (let at = start[group]!; at < end; at++) {
        weight[at] = sum[neighbour[at]!]!
        sum[neighbour[at]!] = -1
      }
      start[group + 1] = end
    }
    return { rows: { start, neighbour: neighbour.slice(0, end), weight: weight.slice(0, end) }, loops }
  }
}

/** Positions by the value that they hold: those of value v are `items[start[v]]` up to `items[start[v + 1]]`, rising. */
function grouped(values: Uint32Array, limit: number): { start: Uint32Array; items: Uint32Array } {
  const start = new Uint32Array(limit + 1)
  for (const value of values) start[value + 1]!++
  for (let value = 0; value < limit; value++) start[value + 1]! += start[value]!
  const next = start.slice()
  const items = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) items[next[values[i]!]!++] = i
  return { start, items }
}
