import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '@doctown/common/runtime/random.js'
import { encodeModel } from '@doctown/common/runtime/onnx-message.js'
import { GraphBuilder, type Value } from '../../src/stages/train/network/graph-builder.js'

/** A transformer of MiniLM-L6's shape. Its weights are random: what it says means nothing, how fast it says it does. */
const SIZES = { layers: 6, width: 384, heads: 12, inner: 1536, positions: 256 }

/** Writes the folder of a model with the tokenizer of `tokenizerFolder`; 42 MB, the same bytes every time. */
export async function writeFixtureModel(folder: string, tokenizerFolder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'model.onnx'), encodeModel(transformer()))
  await copyFile(join(tokenizerFolder, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  const description = { name: 'minilm-shape', revision: '1', dimensions: SIZES.width, max_tokens: SIZES.positions, pooling: 'mean' }
  await writeFile(join(folder, 'model.json'), JSON.stringify(description))
}

function transformer(vocabulary = 256) {
  const { layers, width, heads, inner, positions } = SIZES
  const graph = new GraphBuilder('float')
  const random = createRandom(11)
  const weights = (name: string, ...shape: number[]): Value => {
    const scale = Math.sqrt(3 / shape[0]!)
    return graph.table(
      name,
      shape,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => (2 * random() - 1) * scale),
    )
  }
  const even = (name: string, size: number, value: number): Value => graph.table(name, [size], new Float32Array(size).fill(value))
  const [ids, mask] = [graph.input('input_ids', ['batch', 'length'], 'int64'), graph.input('attention_mask', ['batch', 'length'], 'int64')]

  const [ones, zeros] = [even('ones', width, 1), even('zeros', width, 0)]
  const normalised = (x: Value): Value => graph.op('LayerNormalization', [x, ones, zeros], { axis: -1 })
  const dense = (name: string, x: Value, from: number, to: number): Value =>
    graph.add(graph.matmul(x, weights(`${name}.weight`, from, to)), even(`${name}.bias`, to, 0.01))
  /** [batch, length, width] to [batch, heads, length, width of a head]. */
  const split = (x: Value, perm: readonly number[]): Value =>
    graph.op('Transpose', [graph.op('Reshape', [x, graph.integers(0, 0, heads, width / heads)])], { perm })

  const length = graph.op('Shape', [ids], { start: 1, end: 2 })
  const places = graph.op('Slice', [weights('positions', positions, width), graph.integers(0), length])
  let x = normalised(graph.add(graph.gather(weights('tokens', vocabulary, width), ids), places))
  // 0 where there is a token, -10,000 where there is padding.
  const padding = graph.multiply(graph.subtract(graph.op('Cast', [mask], { to: 1 }), graph.scalar(1)), graph.scalar(10_000))
  const bias = graph.op('Unsqueeze', [padding, graph.integers(1, 2)])
  for (let i = 0; i < layers; i++) {
    const part = (name: string, perm: readonly number[]): Value => split(dense(`${i}.${name}`, x, width, width), perm)
    const scores = graph.matmul(part('query', [0, 2, 1, 3]), part('key', [0, 2, 3, 1]))
    const scaled = graph.multiply(scores, graph.scalar(1 / Math.sqrt(width / heads)))
    const shares = graph.op('Softmax', [graph.add(scaled, bias)], { axis: -1 })
    const heard = graph.op('Transpose', [graph.matmul(shares, part('value', [0, 2, 1, 3]))], { perm: [0, 2, 1, 3] })
    const joined = graph.op('Reshape', [heard, graph.integers(0, 0, width)])
    x = normalised(graph.add(x, dense(`${i}.out`, joined, width, width)))
    const wide = dense(`${i}.wide`, x, width, inner)
    // x/2 (1 + erf(x/√2)): ONNX Runtime makes one operation of it.
    const erf = graph.add(graph.op('Erf', [graph.divide(wide, graph.scalar(Math.SQRT2))]), graph.scalar(1))
    const gelu = graph.multiply(graph.multiply(wide, erf), graph.scalar(0.5))
    x = normalised(graph.add(x, dense(`${i}.narrow`, gelu, inner, width)))
  }
  graph.output('last_hidden_state', x, ['batch', 'length', width])
  return graph.build()
}
