import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { StageName } from '@doctown/common/contracts/stage-services.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { z } from 'zod'
import type { Stage, StageContext } from '../../src/pipeline/stage.js'
import { Steps, type StepOptions } from '../../src/pipeline/step.js'

const silent = { debug: () => {}, info: () => {}, warn: () => {} }

function steps(options: Partial<StepOptions> = {}): Steps {
  return new Steps({
    log: silent,
    signal: new AbortController().signal,
    seed: 1,
    tempDir: '/nowhere',
    monotonicMs: () => performance.now(),
    onProgress: () => {},
    onStageEnd: () => {},
    pauseAt: null,
    ...options,
  })
}

function stage<I, O>(name: StageName, run: (input: I, context: StageContext<object>) => Promise<O> | O): Stage<I, O, object> {
  return { name, version: 1, input: z.unknown(), output: z.unknown(), run }
}

const codeOf = (error: unknown): string => (error instanceof DoctownError ? error.code : String(error))

describe('a step', () => {
  it('gives the output of its stage and remembers how long it took', async () => {
    const all = steps()
    const output = await all.run(
      stage('graph', async (input: number) => sleep(30).then(() => input + 1)),
      1,
      {},
    )
    assert.equal(output, 2)
    const [time] = all.times()
    assert.equal(time?.name, 'graph')
    assert.ok(time.seconds >= 0.025 && time.seconds < 5)
  })

  it('ends with stage_timeout when a stage takes too long, also when the stage does not heed its signal', async () => {
    const deaf = stage('parse', () => new Promise<never>(() => {}))
    await assert.rejects(steps({ limitsMs: { parse: 30 } }).run(deaf, null, {}), (error) => codeOf(error) === 'stage_timeout')
  })

  it('ends with the reason of the signal when the job is cancelled', async () => {
    const controller = new AbortController()
    const running = steps({ signal: controller.signal }).run(
      stage('embed', (_: null, { signal }) => sleep(10_000, signal)),
      null,
      {},
    )
    controller.abort(new DoctownError('cancelled', 'The job was cancelled.'))
    await assert.rejects(running, (error) => codeOf(error) === 'cancelled')
  })

  it("turns a stranger's error into stage_failed and a full disk into disk_full, and leaves ours alone", async () => {
    const throwing = (error: Error) =>
      steps().run(
        stage('package', () => Promise.reject(error)),
        null,
        {},
      )
    await assert.rejects(throwing(new TypeError('x is not a function')), (error) => codeOf(error) === 'stage_failed')
    await assert.rejects(throwing(Object.assign(new Error('write'), { code: 'ENOSPC' })), (error) => codeOf(error) === 'disk_full')
    await assert.rejects(throwing(new DoctownError('repo_empty', 'no commit')), (error) => codeOf(error) === 'repo_empty')
  })

  it('does nothing for a stream until it is read, and counts the time its reader waited once', async () => {
    let begun = 0
    const all = steps()
    const slow = stage('parse', async function* () {
      begun++
      for (let i = 0; i < 5; i++) {
        await sleep(10)
        yield i
      }
    })
    const doubled = stage('chunk', async function* (input: AsyncIterable<number>) {
      for await (const value of input) yield value * 2
    })
    const first = all.stream(slow as unknown as Stage<null, AsyncIterable<number>, object>, null, {})
    const second = all.stream(doubled as unknown as Stage<AsyncIterable<number>, AsyncIterable<number>, object>, first, {}, first)
    assert.equal(begun, 0)
    const seen: number[] = []
    for await (const value of second) seen.push(value)
    assert.deepEqual(seen, [0, 2, 4, 6, 8])
    const seconds = Object.fromEntries(all.times().map(({ name, seconds: value }) => [name, value]))
    assert.ok(seconds['parse']! >= 0.045, `parse ${seconds['parse']}`)
    assert.ok(seconds['chunk']! < seconds['parse']! / 2, `chunk ${seconds['chunk']}`)
  })

  it('lets a stream release what it holds when its reader leaves early', async () => {
    let released = false
    const endless = stage('parse', async function* () {
      try {
        for (let i = 0; ; i++) yield i
      } finally {
        released = true
      }
    })
    for await (const value of steps().stream(endless as unknown as Stage<null, AsyncIterable<number>, object>, null, {}))
      if (value === 3) break
    assert.ok(released)
  })
})
