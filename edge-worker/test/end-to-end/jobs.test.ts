import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyDocpack } from '@doctown/common/docpack/verify.js'
import { createRedis } from '@doctown/common/ports/queue/bullmq-connection.js'
import { Queue } from 'bullmq'
import { doctown } from '../support/doctown.js'
import { useHouse } from '../support/house.js'

describe('jobs through the whole house', function () {
  this.timeout(120_000)
  const house = useHouse()

  it('three submitted at once end as three complete history entries and three downloads that verify', async () => {
    const worker = await house.stack.startWorker()
    const addresses = [await house.git.addWalkdir('one'), await house.git.addWalkdir('two'), await house.git.addWalkdir('three')]
    const jobs = await Promise.all(addresses.map((address) => house.stack.submit(address)))
    for (const job of jobs) {
      const state = await house.stack.ended(job)
      assert.equal(state.status, 'COMPLETED', JSON.stringify(state))
      const bytes = await house.stack.download(state.output?.docpack_id ?? '')
      const file = join(house.stack.folder, `${job}.docpack`)
      await writeFile(file, bytes)
      const verified = await doctown(['verify', file, '--json'])
      assert.equal(verified.code, 0, verified.stdout)
    }
    const rows = await house.stack.history()
    assert.deepEqual(
      rows.map((row) => row['status']),
      ['complete', 'complete', 'complete'],
    )
    assert.deepEqual(rows.map((row) => row['job_id']).sort(), jobs.sort())
    for (const row of rows) assert.equal(row['commit_sha'], '7c02d3d2ce0ef7936d16daa8f330c93ab813fb22')
    await worker.kill('SIGTERM')
  })

  it('two workers share the queue, and no job shows twice in effects', async () => {
    const workers = [await house.stack.startWorker(), await house.stack.startWorker()]
    const addresses: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) addresses.push(await house.git.addWalkdir(`shared-${name}`))
    const jobs = await Promise.all(addresses.map((address) => house.stack.submit(address)))
    for (const job of jobs) assert.equal((await house.stack.ended(job)).status, 'COMPLETED')
    const rows = await house.stack.history()
    const packs = await house.stack.docpacks()
    for (const [index, job] of jobs.entries()) {
      assert.equal(rows.filter((row) => row['job_id'] === job).length, 1)
      assert.equal(packs.filter((pack) => pack['repo_url'] === addresses[index]?.replace(/\.git$/, '')).length, 1)
    }
    const taken = workers.map((worker) => worker.log().split('"job started"').length - 1)
    assert.equal(taken[0]! + taken[1]!, jobs.length)
    for (const worker of workers) assert.equal(await worker.kill('SIGTERM'), 0)
  })

  const failures: readonly (readonly [string, () => Promise<string>, string | undefined, string])[] = [
    ['does not exist', async () => house.git.address('nowhere'), undefined, 'repo_not_found'],
    [
      'is empty',
      async () => {
        const { execFileSync } = await import('node:child_process')
        execFileSync('git', ['init', '-q', '--bare', join(house.git.root, 'empty.git')])
        return house.git.address('empty')
      },
      undefined,
      'repo_empty',
    ],
    ['has no such ref', () => house.git.addWalkdir('refless'), 'no-such-ref', 'ref_not_found'],
    [
      'asks for a token that we do not have',
      async () => {
        const address = await house.git.addWalkdir('private')
        house.git.server.behaviour.token = 'secret'
        return address
      },
      undefined,
      'repo_auth_required',
    ],
  ]
  for (const [title, prepare, ref, code] of failures) {
    it(`a repository that ${title} fails for good, with its own code and sentence, once in history`, async () => {
      const worker = await house.stack.startWorker()
      try {
        const job = await house.stack.submit(await prepare(), ref)
        const state = await house.stack.ended(job)
        assert.equal(state.status, 'FAILED')
        assert.equal(state.error_code, code, state.error)
        const [row] = (await house.stack.history()).filter((entry) => entry['job_id'] === job)
        assert.equal(row?.['permanent'], true)
        assert.doesNotMatch(String(row?.['error']), /\n|    at |\/tmp|secret/)
        const status = (await (await fetch(`${house.stack.url}/api/v1/ingestion/worker/status`)).json()) as { status: string }
        assert.match(status.status, /^Error: /)
      } finally {
        delete house.git.server.behaviour.token
        await worker.kill('SIGTERM')
      }
    })
  }

  it('a job that is cancelled while it runs ends as cancelled, and its temp folder is gone', async () => {
    const worker = await house.stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: 'embed' } })
    const job = await house.stack.submit(await house.git.addWalkdir('cancelled'))
    while ((await house.stack.status(job)).stage !== 'embed') await new Promise((resolve) => setTimeout(resolve, 50))
    const response = await fetch(`${house.stack.url}/api/jobs/${job}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${house.stack.token}` },
    })
    assert.equal(response.status, 202)
    assert.equal((await house.stack.ended(job, 15_000)).status, 'CANCELLED')
    assert.deepEqual(await house.stack.leftovers(), [])
    await worker.kill('SIGTERM')
  })

  it('what others put on the queue is held to the rules: hosts that are allowed, no folders, and no older than a day', async () => {
    const redis = createRedis(house.stack.redisUrl, { maxRetriesPerRequest: null })
    const queue = new Queue('ingestion', { connection: redis, prefix: 'doctown' })
    const worker = await house.stack.startWorker()
    try {
      const address = (await house.git.addWalkdir('by-hand')).replace(/\.git$/, '')
      const add = async (task: Record<string, unknown>, options: { timestamp?: number } = {}): Promise<number> =>
        Number(
          (
            await queue.add(
              'ingest',
              { git_ref: null, submitted_at: new Date().toISOString(), ttl: 86400, source: 'api', ...task },
              options,
            )
          ).id,
        )
      const good = await add({ repo_url: address })
      const elsewhere = await add({ repo_url: 'github.com/o/r' })
      const folder = await add({ repo_url: 'local/etc', clone_url: '/etc', source: 'local' })
      const dayAgo = Date.now() - 25 * 3_600_000
      const old = await add({ repo_url: address, submitted_at: new Date(dayAgo).toISOString() }, { timestamp: dayAgo })
      assert.equal((await house.stack.ended(good)).status, 'COMPLETED')
      for (const job of [elsewhere, folder]) assert.equal((await house.stack.ended(job)).error_code, 'invalid_repo_url')
      assert.equal((await house.stack.ended(old)).status, 'SKIPPED')
      const [row] = (await house.stack.history()).filter((entry) => entry['job_id'] === old)
      assert.equal(row?.['reason'], 'Task exceeded TTL')
      assert.ok(Math.abs(Number(row?.['age_seconds']) - 90_000) < 60)
    } finally {
      await worker.kill('SIGTERM')
      await queue.close()
      redis.disconnect()
    }
  })

  it('a docpack on the shelf is whole: its own reader finds every entry as the manifest says', async () => {
    const [pack] = await house.stack.docpacks()
    const folder = join(house.stack.folder, 'whole')
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'one.docpack')
    await writeFile(file, await house.stack.download(String(pack?.['docpack_id'])))
    const { ok, entries, problems } = await verifyDocpack({ path: file })
    assert.deepEqual(problems, [])
    assert.ok(ok && entries > 40)
  })
})
