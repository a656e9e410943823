import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { STAGE_NAMES } from '@doctown/common/contracts/stage-services.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { openGitShelf, type GitShelf } from '../support/git-shelf.js'
import { startStack, type Stack } from '../support/stack.js'

describe('a worker that is killed with -9', () => {
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

  for (const [index, stage] of STAGE_NAMES.entries()) {
    it(`in ${stage}: the job begins again within 10 s of the restart and ends complete, once, with nothing left behind`, async () => {
      const address = await git.addWalkdir(`walkdir-${stage}`)
      const paused = await stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: stage } })
      const jobId = await stack.submit(address)
      await until(() => paused.log().includes('paused for a test'), 30_000)
      await paused.kill('SIGKILL')

      const worker = await stack.startWorker()
      const restarted = Date.now()
      await until(() => worker.log().includes('job started'), 10_000)
      const state = await stack.ended(jobId, 60_000)
      assert.equal(state.status, 'COMPLETED', JSON.stringify(state))
      assert.ok(Date.now() - restarted < 60_000)

      const rows = (await stack.history()).filter((row) => row['job_id'] === jobId)
      assert.equal(rows.length, 1)
      assert.equal(rows[0]?.['status'], 'complete')
      assert.equal((await stack.history()).length, index + 1)
      const packs = (await stack.docpacks()).filter((pack) => String(pack['repo_url']).endsWith(`walkdir-${stage}`))
      assert.equal(packs.length, 1)
      await until(async () => (await stack.leftovers()).length === 0, 10_000)
      const objects = await readdir(join(stack.folder, 'objects', 'docpacks'))
      assert.deepEqual(
        objects.filter((name) => !name.endsWith('.docpack')),
        [],
      )
      assert.equal(objects.length, index + 1)
      await worker.kill('SIGTERM')
    })
  }
})

async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time')
    await sleep(50)
  }
}
