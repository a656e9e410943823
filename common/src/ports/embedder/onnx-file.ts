import { readFile, stat } from 'node:fs/promises'

/** What a model file says of its two ends, read without ONNX Runtime. */
export interface OnnxFile {
  readonly outputs: readonly { readonly name: string; readonly isFloat: boolean; readonly rank: number | null }[]
  /** Weights in a second file are found by the model's path only. */
  readonly hasExternalData: boolean
  /** Rows of the table in which `input_ids` are looked up; `null` where the file does not show it. */
  readonly vocabulary: number | null
}

const FLOAT = 1
const EXTERNAL = 1

/** Above this a model is left to ONNX Runtime: a copy of it would take the memory that its job has. */
const MOST_BYTES_READ = 512 * 2 ** 20

/** The whole file, or `null` where it is too large to look at. */
export async function readModelBytes(path: string): Promise<Uint8Array | null> {
  return (await stat(path)).size > MOST_BYTES_READ ? null : readFile(path)
}

/** Throws an error that says where it ends when the file is cut, or is no ONNX model. */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const graphs = messages(bytes, 7)
  if (graphs.length === 0) throw new Error(`it holds no graph in ${bytes.length} bytes`)
  const initializers = graphs.flatMap((graph) => messages(graph, 5))
  return {
    outputs: graphs.flatMap((graph) => messages(graph, 12)).map(describe),
    hasExternalData: initializers.some((tensor) => numbers(tensor, 14).includes(EXTERNAL)),
    vocabulary: vocabularyOf(
      graphs.flatMap((graph) => messages(graph, 1)),
      initializers,
    ),
  }
}

/** A NodeProto: inputs, outputs, name, op_type. A quantised table stands behind a node that widens it, or is gathered before that. */
function vocabularyOf(nodes: readonly Uint8Array[], initializers: readonly Uint8Array[]): number | null {
  const gather = nodes.find((node) => text(messages(node, 4)[0]) === 'Gather' && text(messages(node, 1)[1]) === 'input_ids')
  let name = text(gather === undefined ? undefined : messages(gather, 1)[0])
  for (let steps = 0; steps < 3; steps++) {
    const table = initializers.find((tensor) => text(messages(tensor, 8)[0]) === name)
    if (table !== undefined) return dimensionsOf(table)[0] ?? null
    const before = nodes.find((node) => text(messages(node, 2)[0]) === name)
    if (before === undefined) return null
    name = text(messages(before, 1)[0])
  }
  return null
}

/** A TensorProto's dims, packed or one by one. */
function dimensionsOf(tensor: Uint8Array): number[] {
  return [...fields(tensor)].flatMap(({ number, value }) => (number !== 1 ? [] : typeof value === 'number' ? [value] : varints(value)))
}

function varints(bytes: Uint8Array): number[] {
  const out: number[] = []
  let [value, scale] = [0, 1]
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) {
      out.push(value)
      ;[value, scale] = [0, 1]
    }
  }
  return out
}

/** A ValueInfoProto: name, type { tensor_type { elem_type, shape { dim... } } }. */
function describe(value: Uint8Array): OnnxFile['outputs'][number] {
  const tensor = messages(value, 2).flatMap((type) => messages(type, 1))[0]
  const shape = tensor === undefined ? undefined : messages(tensor, 2)[0]
  return {
    name: text(messages(value, 1)[0]),
    isFloat: tensor !== undefined && numbers(tensor, 1).includes(FLOAT),
    rank: shape === undefined ? null : messages(shape, 1).length,
  }
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)
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
