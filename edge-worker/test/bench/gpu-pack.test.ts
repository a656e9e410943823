import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packBench } from '../../bench/gpu/pack.js'
import type { FromProviderChild, ProviderTask } from '../../bench/gpu/provider-child.js'

describe('the GPU bench in a folder of its own', () => {
  let folder: string
  before(async function () {
    this.timeout(20_000)
    folder = join(await mkdtemp(join(tmpdir(), 'doctown-pack-')), 'bench')
    await packBench(folder, { withNode: false, say: () => {} })
  })
  after(() => rm(join(folder, '..'), { recursive: true }))

  it('has all that a child needs: outside the repository, with nothing else beside it, it trains and embeds', async function () {
    this.timeout(30_000)
    const fixture = join(folder, 'common/test/fixtures/tiny-onnx')
    const task: ProviderTask = { provider: 'cpu', folder: fixture, threads: 1, seconds: 0, isSoftware: true }
    const child = fork(join(folder, 'edge-worker/dist/bench/gpu/provider-child.js'), [JSON.stringify(task)], { cwd: folder, silent: true })
    const answer = await new Promise<FromProviderChild | number | null>((resolve) => {
      // `as`: provider-child.ts sends exactly this.
      child.once('message', (message) => resolve(message as FromProviderChild))
      child.once('exit', resolve)
    })
    child.kill()
    assert.ok(typeof answer === 'object' && answer !== null && 'report' in answer, JSON.stringify(answer))
    assert.equal(answer.report.vectors.length, 4 * 32)
    assert.ok(answer.report.tokensPerSecond > 0 && answer.report.stepMs > 0)
    assert.ok([...answer.report.vectors, ...answer.report.gradient].every(Number.isFinite))
  })

  it('is for one platform, within what may be carried, and refuses a folder that holds something', async () => {
    const { bytes } = await packBench(join(folder, '..', 'again'), { withNode: false, say: () => {} })
    assert.ok(bytes > 10 * 2 ** 20 && bytes <= 64 * 2 ** 20, `${bytes} bytes`)
    assert.ok(!existsSync(join(folder, 'node_modules/onnxruntime-node/bin/napi-v6/win32')))
    await assert.rejects(packBench(folder, { withNode: false, say: () => {} }), /not empty/)
  })
})
