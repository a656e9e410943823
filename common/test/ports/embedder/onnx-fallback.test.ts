import assert from 'node:assert/strict'
import { BATCH_SHAPES } from '../../../src/ports/embedder/onnx-batches.js'
import { withFallback } from '../../../src/ports/embedder/onnx-fallback.js'
import type { OpenedSession, OnnxProvider } from '../../../src/ports/embedder/onnx-session.js'

/** A session that says which provider ran, and throws from its `dies`th batch on. No GPU is at hand to be killed. */
function session(provider: OnnxProvider, mark: number, dies = Infinity): OpenedSession & { closed: number } {
  let batches = 0
  return {
    provider,
    refused: [],
    shape: BATCH_SHAPES.cpu,
    closed: 0,
    run: (batch) => (++batches >= dies ? Promise.reject(new Error('device lost')) : Promise.resolve(Float32Array.from(batch, () => mark))),
    close() {
      this.closed++
      return provider === 'cpu' ? Promise.resolve() : Promise.reject(new Error('already gone'))
    },
  }
}

describe('a provider that dies at work', () => {
  it('is replaced by the CPU in the middle of a batch: nothing is lost, and the change is told once', async () => {
    const gpu = session('cuda', 1, 2)
    let opened = 0
    const told: string[] = []
    const steady = withFallback(gpu, {
      openOnCpu: () => Promise.resolve((opened++, session('cpu', 2))),
      told: (now) => told.push(`${now.provider} after ${now.refused.map(({ provider, reason }) => `${provider}: ${reason}`).join()}`),
    })
    assert.deepEqual([...(await steady.run([[1], [2]]))], [1, 1])
    assert.equal(steady.provider, 'cuda')
    assert.deepEqual([...(await steady.run([[3], [4]]))], [2, 2])
    assert.deepEqual([...(await steady.run([[5]]))], [2])
    assert.equal(opened, 1)
    assert.equal(gpu.closed, 1)
    assert.deepEqual(told, ['cpu after cuda: it died at work: device lost'])
  })

  it('ends the work where the CPU was ruled out, and an error of the CPU is nobody else’s', async () => {
    await assert.rejects(withFallback(session('webgpu', 1, 1), { openOnCpu: null, told: () => {} }).run([[1]]), /device lost/)
    const cpu = withFallback(session('cpu', 1, 1), { openOnCpu: () => Promise.reject(new Error('never')), told: () => {} })
    await assert.rejects(cpu.run([[1]]), /device lost/)
  })
})
