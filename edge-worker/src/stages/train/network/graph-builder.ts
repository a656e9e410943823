import type { Attribute, Element, OnnxConstant, OnnxGraph, OnnxNode, OnnxValue } from '@doctown/common/runtime/onnx-message.js'

/** A value in a graph that is being written. */
export type Value = string & { readonly __value: never }

/** Writes an ONNX graph as one writes a formula. Numbers are of one type throughout: `float`, or `double` to check gradients. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = []
  readonly #inputs: OnnxValue[] = []
  readonly #outputs: OnnxValue[] = []
  readonly #constants = new Map<string, OnnxConstant>()

  constructor(readonly element: Extract<Element, 'float' | 'double'>) {}

  input(name: string, shape: readonly (number | string)[], element: Element = this.element): Value {
    this.#inputs.push({ name, element, shape })
    return name as Value // `as`: the brand is given here and nowhere else, likewise below
  }

  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#nodes.push({ op: 'Identity', inputs: [value], outputs: [name], attributes: {} })
    this.#outputs.push({ name, element: this.element, shape })
  }

  op(op: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    const name = `${op}_${this.#nodes.length}`
    this.#nodes.push({ op, inputs, outputs: [name], attributes })
    return name as Value
  }

  /** A number of the graph's own type. */
  scalar(value: number): Value {
    return this.#constant(this.element, [], [value])
  }

  /** Sizes, axes, places in a list. */
  integers(...values: number[]): Value {
    return this.#constant('int64', [values.length], values)
  }

  zeros(rows: number, columns: number): Value {
    return this.#constant(this.element, [rows, columns], new Array<number>(rows * columns).fill(0))
  }

  /** A table of weights; `name` is unique in the graph. */
  table(name: string, shape: readonly number[], values: ArrayLike<number>): Value {
    this.#constants.set(name, { name, element: this.element, shape, values })
    return name as Value
  }

  add = (a: Value, b: Value): Value => this.op('Add', [a, b])
  subtract = (a: Value, b: Value): Value => this.op('Sub', [a, b])
  multiply = (a: Value, b: Value): Value => this.op('Mul', [a, b])
  divide = (a: Value, b: Value): Value => this.op('Div', [a, b])
  matmul = (a: Value, b: Value): Value => this.op('MatMul', [a, b])
  /** `aᵀ b` and `a bᵀ` without a transposed copy. */
  transposedTimes = (a: Value, b: Value): Value => this.op('Gemm', [a, b], { transA: 1 })
  timesTransposed = (a: Value, b: Value): Value => this.op('Gemm', [a, b], { transB: 1 })
  sumRows = (a: Value): Value => this.op('ReduceSum', [a, this.integers(1)], { keepdims: 1 })
  sumColumns = (a: Value): Value => this.op('ReduceSum', [a, this.integers(0)], { keepdims: 0 })
  sumAll = (a: Value): Value => this.op('ReduceSum', [a], { keepdims: 0 })
  gather = (rows: Value, indices: Value): Value => this.op('Gather', [rows, indices], { axis: 0 })

  build(): OnnxGraph {
    return { nodes: this.#nodes, inputs: this.#inputs, outputs: this.#outputs, constants: [...this.#constants.values()] }
  }

  #constant(element: Element, shape: readonly number[], values: readonly number[]): Value {
    const name = `${element}_${shape.join('x')}_${values.length > 8 ? 'zeros' : values.join('_')}`
    this.#constants.set(name, { name, element, shape, values })
    return name as Value
  }
}
