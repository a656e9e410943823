/** The few protobuf messages of an ONNX model that a graph of ours needs, written by hand: a library for them is 23 MB (dependencies.md, 9). */

/** Element types by ONNX's own numbers (onnx.proto, TensorProto.DataType). */
export const ELEMENT = { float: 1, int32: 6, int64: 7, double: 11 } as const
export type Element = keyof typeof ELEMENT

export type Attribute = number | readonly number[] | { readonly float: number }

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Whole numbers and lists of them; a number with a fraction is written `{ float }`. */
  readonly attributes: Readonly<Record<string, Attribute>>
}
export interface OnnxValue {
  readonly name: string
  readonly element: Element
  /** A name is a size that may differ from run to run. */
  readonly shape: readonly (number | string)[]
}
export interface OnnxConstant {
  readonly name: string
  readonly element: Element
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly constants: readonly OnnxConstant[]
}

const IR_VERSION = 9
const OPSET = 18

/** Bytes of a ModelProto, opset 18. Equal graphs give equal bytes. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return join([
    integer(1, IR_VERSION),
    text(2, 'doctown'),
    message(7, encodeGraph(graph)),
    message(8, join([text(1, ''), integer(2, OPSET)])), // opset_import
  ])
}

/**
 * Bytes that, put behind those of a model, add to its graph: protobuf joins the parts of a message that comes twice, lists end to end.
 * The nodes may use the model's own values. Its opset counts, so take operators that mean the same in all.
 */
export function encodeAddition(graph: OnnxGraph): Uint8Array {
  return message(7, encodeGraph(graph))
}

function encodeGraph({ nodes, inputs, outputs, constants }: OnnxGraph): Uint8Array {
  return join([
    ...nodes.map((node) => message(1, encodeNode(node))),
    text(2, 'graph'),
    ...constants.map((constant) => message(5, encodeTensor(constant))),
    ...inputs.map((value) => message(11, encodeValue(value))),
    ...outputs.map((value) => message(12, encodeValue(value))),
  ])
}

function encodeNode({ op, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  return join([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0] ?? op),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, encodeAttribute(name, value))),
  ])
}

function encodeAttribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return join([text(1, name), integer(3, value), integer(20, 2)])
  if ('float' in value) return join([text(1, name), tag(2, 5), bytesOf(Float32Array.of(value.float)), integer(20, 1)])
  return join([text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)])
}

function encodeTensor({ name, element, shape, values }: OnnxConstant): Uint8Array {
  return join([...shape.map((size) => integer(1, size)), integer(2, ELEMENT[element]), text(8, name), message(9, rawData(element, values))])
}

function rawData(element: Element, values: ArrayLike<number>): Uint8Array {
  switch (element) {
    case 'float':
      return bytesOf(Float32Array.from(values))
    case 'double':
      return bytesOf(Float64Array.from(values))
    case 'int32':
      return bytesOf(Int32Array.from(values))
    case 'int64':
      return bytesOf(BigInt64Array.from(values, BigInt))
  }
}

function encodeValue({ name, element, shape }: OnnxValue): Uint8Array {
  const dims = shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)))
  const tensor = join([integer(1, ELEMENT[element]), message(2, join(dims))])
  return join([text(1, name), message(2, message(1, tensor))])
}

// Protobuf's wire format: a key (field number and wire type), then a varint, four bytes, or a length and that many bytes.

const tag = (field: number, wire: number): Uint8Array => varint((field << 3) | wire)
const integer = (field: number, value: number): Uint8Array => join([tag(field, 0), varint(value)])
const text = (field: number, value: string): Uint8Array => message(field, new TextEncoder().encode(value))
const message = (field: number, body: Uint8Array): Uint8Array => join([tag(field, 2), varint(body.length), body])
const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** Negative numbers take ten bytes, as int64 in two's complement. */
function varint(value: number): Uint8Array {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(out)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
