import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeModel } from '../../src/runtime/onnx-message.js'
import { createRandom } from '../../src/runtime/random.js'

const [WIDTH, WORDS] = [8, 143]
/** A word of the fixture's tokenizer, and its id. */
export const WORD_WITHOUT_NUMBERS = 'lock'
const ID_WITHOUT_NUMBERS = 19

/**
 * Puts a model into a copy of the fixture's folder that is nothing but a table: a token's vector is its row, and one row is not a number.
 * With `pools` the model gives a text's mean by itself, two dimensions in place of three.
 */
export async function writeTableModel(folder: string, { pools }: { readonly pools: boolean }): Promise<void> {
  const random = createRandom(7)
  const table = Array.from({ length: WORDS * WIDTH }, (_, i) => (Math.floor(i / WIDTH) === ID_WITHOUT_NUMBERS ? NaN : random() - 0.5))
  const output = pools ? 'sentence_embedding' : 'last_hidden_state'
  const gathered = pools ? 'rows' : output
  const mean = { op: 'ReduceMean', inputs: ['rows', 'axis'], outputs: [output], attributes: { keepdims: 0 } }
  const model = encodeModel({
    nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: [gathered], attributes: { axis: 0 } }, ...(pools ? [mean] : [])],
    inputs: [{ name: 'input_ids', element: 'int64', shape: ['batch', 'length'] }],
    outputs: [{ name: output, element: 'float', shape: pools ? ['batch', WIDTH] : ['batch', 'length', WIDTH] }],
    constants: [
      { name: 'table', element: 'float', shape: [WORDS, WIDTH], values: table },
      { name: 'axis', element: 'int64', shape: [1], values: [1] },
    ],
  })
  await writeFile(join(folder, 'model.onnx'), model)
  const description = { name: 'table', revision: '1', dimensions: WIDTH, max_tokens: 48, pooling: 'mean', output }
  await writeFile(join(folder, 'model.json'), JSON.stringify(description))
}
