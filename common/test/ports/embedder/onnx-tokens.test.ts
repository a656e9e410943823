import assert from 'node:assert/strict'
import { join } from 'node:path'
import { readOnnxFolder } from '../../../src/ports/embedder/onnx-folder.js'
import { tokensHere, tokensInThread } from '../../../src/ports/embedder/onnx-tokens.js'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'

const model = readOnnxFolder(join(repositoryRoot(), 'common/test/fixtures/tiny-onnx'))

describe('tokens made in a thread of their own', () => {
  it("are the ones of the caller's thread, for lists of texts asked for at the same time", async () => {
    const lists = [
      ['', 'fn open(path: &str)', 'the queue '.repeat(90)],
      [],
      ['Größe 日本語 \ud800'],
      Array.from({ length: 300 }, (_, i) => `token ${i}`),
    ]
    const [here, there] = [tokensHere(model), tokensInThread(model)]
    const expected = await Promise.all(lists.map((texts) => here.encode(texts)))
    const got = await Promise.all(lists.map((texts) => there.encode(texts)))
    assert.deepEqual(
      got.map((rows) => rows.map((row) => [...Array.from(row)])),
      expected,
    )
    await there.close()
    await assert.rejects(there.encode(['a']), /has stopped/)
  })

  it('reject what waits when the thread dies', async () => {
    const broken = tokensInThread({ ...model, tokenizerFile: '/nowhere/tokenizer.json' })
    await assert.rejects(broken.encode(['a']), { code: 'model_invalid' })
    await broken.close()
  })
})
