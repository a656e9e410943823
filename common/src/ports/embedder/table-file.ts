import { DoctownError } from '../../contracts/errors.js'

/**
 * `table.bin`, format version 1, little-endian: magic "DTTABLE1"; uint32 rows, dimensions, fields, bytes of the vocabulary;
 * float32 field weights; float32 query weights and float32 document weights (a row's int8 scale is folded into both);
 * int8 vectors, row by row; the tokens in the order of the rows, separated by line breaks.
 * Written by `edge-worker/training/table_file.py`.
 */
export interface TokenTable {
  readonly rows: number
  readonly dimensions: number
  /** name, path, head, body, marks, docs. */
  readonly fieldWeights: Float32Array
  readonly queryWeights: Float32Array
  readonly documentWeights: Float32Array
  /** `rows * dimensions`. */
  readonly vectors: Int8Array
  readonly rowOf: ReadonlyMap<string, number>
}

const MAGIC = 'DTTABLE1'
const HEADER_BYTES = 24

/** Reads the whole file at once, without a dependency; the browser and the server use the same code. Throws `model_invalid`. */
export function readTable(bytes: Uint8Array): TokenTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < HEADER_BYTES || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC)
    throw invalid('it does not begin as a table does')
  const [rows, dimensions, fields, vocabularyBytes] = [8, 12, 16, 20].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ]
  const expected = HEADER_BYTES + 4 * fields + 8 * rows + rows * dimensions + vocabularyBytes
  if (bytes.byteLength !== expected) throw invalid(`it has ${bytes.byteLength} bytes, its header asks for ${expected}`)

  let at = HEADER_BYTES
  const floats = (count: number): Float32Array => {
    const values = Float32Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true))
    at += 4 * count
    return values
  }
  const fieldWeights = floats(fields)
  const queryWeights = floats(rows)
  const documentWeights = floats(rows)
  const vectors = new Int8Array(bytes.buffer, bytes.byteOffset + at, rows * dimensions)
  at += rows * dimensions
  const tokens = new TextDecoder().decode(bytes.subarray(at)).split('\n')
  if (tokens.length !== rows) throw invalid(`it has ${rows} rows and ${tokens.length} tokens`)
  return {
    rows,
    dimensions,
    fieldWeights,
    queryWeights,
    documentWeights,
    vectors,
    rowOf: new Map(tokens.map((token, row) => [token, row])),
  }
}

const invalid = (why: string): DoctownError =>
  new DoctownError('model_invalid', `The built-in model's table.bin cannot be read: ${why}. Restore the file from the repository.`)
