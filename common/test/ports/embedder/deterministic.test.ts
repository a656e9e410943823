import assert from 'node:assert/strict'
import { createDeterministicEmbedder } from '../../../src/ports/embedder/deterministic.js'
import { describeEmbedder, dot } from './conformance.js'

describeEmbedder('deterministic', async () => createDeterministicEmbedder())

describe('deterministic embedder', () => {
  it('puts texts that share words nearer than texts that do not', async () => {
    const embedder = createDeterministicEmbedder()
    const [query, vectors] = [
      await embedder.embedQueries(['open a file']),
      await embedder.embedDocuments([{ text: 'file open' }, { text: 'lock queue' }]),
    ]
    assert.ok(dot(query, vectors.subarray(0, 32)) > dot(query, vectors.subarray(32)) + 0.2)
  })
})
