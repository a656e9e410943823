import assert from 'node:assert/strict'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { useHouse } from '../support/house.js'

describe('a worker that is told to stop', () => {
  const house = useHouse()

  it('hands a job that does not end back within 25 s, exits with 0, and the next worker ends the job once', async () => {
    const paused = await house.stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: 'graph' } })
    const job = await house.stack.submit(await house.git.addWalkdir('handed-back'))
    while ((await house.stack.status(job)).stage !== 'graph') await sleep(50)
    const begin = Date.now()
    assert.equal(await paused.kill('SIGTERM'), 0)
    assert.ok(Date.now() - begin < 30_000, `${Date.now() - begin} ms`)
    const worker = await house.stack.startWorker()
    assert.equal((await house.stack.ended(job)).status, 'COMPLETED')
    assert.equal((await house.stack.history()).filter((row) => row['job_id'] === job).length, 1)
    assert.deepEqual(await house.stack.leftovers(), [])
    await worker.kill('SIGTERM')
  })

  it('lets a job that is nearly done end, and exits with 0', async () => {
    const worker = await house.stack.startWorker()
    const job = await house.stack.submit(await house.git.addWalkdir('finishing'))
    while ((await house.stack.status(job)).status === 'QUEUED') await sleep(20)
    assert.equal(await worker.kill('SIGTERM'), 0)
    assert.equal((await house.stack.ended(job, 5_000)).status, 'COMPLETED')
  })
})
