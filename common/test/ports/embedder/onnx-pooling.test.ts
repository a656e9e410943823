import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readOnnxFile } from '../../../src/ports/embedder/onnx-file.js'
import { POOL_INPUT, POOL_OUTPUT, poolShares, withPooling } from '../../../src/ports/embedder/onnx-pooling.js'
import { pool } from '../../../src/ports/embedder/onnx-session.js'
import { encodeModel, type OnnxGraph } from '../../../src/runtime/onnx-message.js'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'

const file = readFileSync(join(repositoryRoot(), 'common/test/fixtures/tiny-onnx/model.onnx'))
const identity = (shape: readonly (number | string)[], element: 'float' | 'double' = 'float'): OnnxGraph => ({
  nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'], attributes: {} }],
  inputs: [{ name: 'x', element, shape }],
  outputs: [{ name: 'y', element, shape }],
  constants: [],
})

describe('pooling inside the model', () => {
  it('reads the outputs of a model file', () => {
    const expected = [{ name: 'last_hidden_state', isFloat: true, rank: 3 }]
    assert.deepEqual(readOnnxFile(file), { outputs: expected, hasExternalData: false, vocabulary: 143 })
    assert.deepEqual(readOnnxFile(encodeModel(identity(['batch', 4], 'double'))).outputs, [{ name: 'y', isFloat: false, rank: 2 }])
  })

  for (const pooling of ['mean', 'cls', 'last'] as const) {
    it(`gives what ${pooling} pooling of the tokens' vectors gives`, async () => {
      const session = await InferenceSession.create(withPooling(file, null)!, { executionProviders: ['cpu'] })
      const lengths = [5, 9, 1]
      const ids = lengths.flatMap((count) => Array.from({ length: 9 }, (_, i) => BigInt(i < count ? 4 + i : 0)))
      const whole = (values: readonly bigint[]): Tensor => new Tensor('int64', BigInt64Array.from(values), [3, 9])
      const outputs = await session.run({
        input_ids: whole(ids),
        attention_mask: whole(ids.map((id) => (id > 0n ? 1n : 0n))),
        token_type_ids: whole(ids.map(() => 0n)),
        [POOL_INPUT]: new Tensor('float32', poolShares(lengths, 9, pooling), [3, 1, 9]),
      })
      const tokens = outputs['last_hidden_state']!.data
      assert.ok(tokens instanceof Float32Array)
      const expected = pool(tokens, { lengths, length: 9, width: 32, pooling })
      assert.deepEqual(outputs[POOL_OUTPUT]!.dims, [3, 1, 32])
      const got = outputs[POOL_OUTPUT]!.data
      assert.ok(got instanceof Float32Array)
      expected.forEach((value, i) => assert.ok(Math.abs(value - got[i]!) < 1e-5, `${value} and ${got[i]}`))
      await session.release()
    })
  }

  it('leaves a model alone that pools by itself, tells no floats of three dimensions, or has no output of that name', () => {
    assert.equal(withPooling(encodeModel(identity(['batch', 4])), null), null)
    assert.equal(withPooling(encodeModel(identity(['batch', 'length', 4], 'double')), null), null)
    assert.equal(withPooling(file, 'sentence_embedding'), null)
  })

  it('says that a cut file is cut, wherever the cut is', () => {
    for (const size of [1, 10, 500, 20_000, file.length - 1]) {
      assert.throws(() => withPooling(file.subarray(0, size), null), /cut|no ONNX model/, `${size} bytes`)
    }
    assert.throws(() => withPooling(Buffer.from('not a model'), null), /no ONNX model/)
    assert.throws(() => withPooling(Buffer.alloc(0), null), /no graph in 0 bytes/)
  })
})
