import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { STAGE_NAMES } from '@doctown/common/contracts/stage-services.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { useHouse } from '../support/house.js'

describe('a worker that is killed with -9', () => {
  const house = useHouse()

  for (const [index, stage] of STAGE_NAMES.entries()) {
    it(`in ${stage}: the job begins again within 10 s of the restart and ends complete, once, with nothing left behind`, async () => {
      const address = await house.git.addWalkdir(`walkdir-${stage}`)
      const paused = await house.stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: stage } })
      const jobId = await house.stack.submit(address)
      await until(() => paused.log().includes('paused for a test'), 30_000)
      await paused.kill('SIGKILL')

      const worker = await house.stack.startWorker()
      const restarted = Date.now()
      await until(() => worker.log().includes('job started'), 10_000)
      const state = await house.stack.ended(jobId, 60_000)
      assert.equal(state.status, 'COMPLETED', JSON.stringify(state))
      assert.ok(Date.now() - restarted < 60_000)

      const rows = (await house.stack.history()).filter((row) => row['job_id'] === jobId)
      assert.equal(rows.length, 1)
      assert.equal(rows[0]?.['status'], 'complete')
      assert.equal((await house.stack.history()).length, index + 1)
      const packs = (await house.stack.docpacks()).filter((pack) => String(pack['repo_url']).endsWith(`walkdir-${stage}`))
      assert.equal(packs.length, 1)
      await until(async () => (await house.stack.leftovers()).length === 0, 10_000)
      const objects = await readdir(join(house.stack.folder, 'objects', 'docpacks'))
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
