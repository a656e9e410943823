/** What a model file says of its outputs, read without ONNX Runtime and without its weights. */
export interface OnnxOutputs {
  readonly outputs: readonly { readonly name: string; readonly isFloat: boolean; readonly rank: number | null }[]
  /** Weights in a second file are found by the model's path only. */
  readonly hasExternalData: boolean
}

const FLOAT = 1
const EXTERNAL = 1

/** Throws an error that says where it ends when the file is cut, or is no ONNX model. */
export function readOnnxOutputs(bytes: Uint8Array): OnnxOutputs {
  const graphs = messages(bytes, 7)
  if (graphs.length === 0) throw new Error(`it holds no graph in ${bytes.length} bytes`)
  const initializers = graphs.flatMap((graph) => messages(graph, 5))
  return {
    outputs: graphs.flatMap((graph) => messages(graph, 12)).map(describe),
    hasExternalData: initializers.some((tensor) => numbers(tensor, 14).includes(EXTERNAL)),
  }
}

/** A ValueInfoProto: name, type { tensor_type { elem_type, shape { dim... } } }. */
function describe(value: Uint8Array): OnnxOutputs['outputs'][number] {
  const tensor = messages(value, 2).flatMap((type) => messages(type, 1))[0]
  const shape = tensor === undefined ? undefined : messages(tensor, 2)[0]
  return {
    name: new TextDecoder().decode(messages(value, 1)[0]),
    isFloat: tensor !== undefined && numbers(tensor, 1).includes(FLOAT),
    rank: shape === undefined ? null : messages(shape, 1).length,
  }
}

const messages = (bytes: Uint8Array, field: number): Uint8Array[] =>
  [...fields(bytes)].flatMap(({ number, value }) => (number === field && typeof value !== 'number' ? [value] : []))
const numbers = (bytes: Uint8Array, field: number): number[] =>
  [...fields(bytes)].flatMap(({ number, value }) => (number === field && typeof value === 'number' ? [value] : []))

/** Protobuf's wire format: a key (field number and wire type), then a varint, eight or four bytes, or a length and that many bytes. */
function* fields(bytes: Uint8Array): Generator<{ number: number; value: number | Uint8Array }> {
  let at = 0
  const varint = (): number => {
    let [value, scale] = [0, 1]
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined || scale > 2 ** 63) throw new Error(`it is cut or is no ONNX model: no number at byte ${at - 1}`)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new Error(`it is cut or is no ONNX model: ${at + count - bytes.length} bytes are missing`)
    return bytes.subarray(at, (at += count))
  }
  while (at < bytes.length) {
    const key = varint()
    const [number, wire] = [Math.floor(key / 8), key % 8]
    if (wire === 0) yield { number, value: varint() }
    else if (wire === 1) yield { number, value: take(8) }
    else if (wire === 5) yield { number, value: take(4) }
    else if (wire === 2) yield { number, value: take(varint()) }
    else throw new Error(`it is no ONNX model: a field of kind ${wire} at byte ${at}`)
  }
}
