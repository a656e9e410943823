import assert from 'node:assert/strict'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { openGitShelf, type GitShelf } from '../support/git-shelf.js'
import { startStack, type Stack } from '../support/stack.js'

describe('a worker that is told to stop', () => {
  let git: GitShelf
  let stack: Stack

  before(async () => {
    git = await openGitShelf()
    stack = await startStack({ allowedHosts: git.origin })
  })
  after(async () => {
    await stack.close()
    await git.close()
  })

  it('hands a job that does not end back within 25 s, exits with 0, and the next worker ends the job once', async () => {
    const paused = await stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: 'graph' } })
    const job = await stack.submit(await git.addWalkdir('handed-back'))
    while ((await stack.status(job)).stage !== 'graph') await sleep(50)
    const begin = Date.now()
    assert.equal(await paused.kill('SIGTERM'), 0)
    assert.ok(Date.now() - begin < 30_000, `${Date.now() - begin} ms`)
    const worker = await stack.startWorker()
    assert.equal((await stack.ended(job)).status, 'COMPLETED')
    assert.equal((await stack.history()).filter((row) => row['job_id'] === job).length, 1)
    assert.deepEqual(await stack.leftovers(), [])
    await worker.kill('SIGTERM')
  })

  it('lets a job that is nearly done end, and exits with 0', async () => {
    const worker = await stack.startWorker()
    const job = await stack.submit(await git.addWalkdir('finishing'))
    while ((await stack.status(job)).status === 'QUEUED') await sleep(20)
    assert.equal(await worker.kill('SIGTERM'), 0)
    assert.equal((await stack.ended(job, 5_000)).status, 'COMPLETED')
  })
})
