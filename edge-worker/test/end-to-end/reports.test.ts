import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { git } from '../support/git-command.js'
import { openGitShelf, type GitShelf } from '../support/git-shelf.js'
import { startStack, type Stack, type WorkerProcess } from '../support/stack.js'

interface Status {
  readonly status: string
  readonly workers: readonly { readonly name: string; readonly status: string; readonly stage?: string; readonly done?: number }[]
}

describe('what a worker tells of itself while it works', function () {
  this.timeout(120_000)
  let shelf: GitShelf
  let stack: Stack
  let worker: WorkerProcess | null

  beforeEach(async () => {
    shelf = await openGitShelf()
    stack = await startStack({ allowedHosts: shelf.origin })
    worker = null
  })
  afterEach(async () => {
    await worker?.kill('SIGKILL')
    await stack.close()
    await shelf.close()
  })

  /** As a stranger sees it: without the bearer. */
  const read = async (path: string): Promise<Response> => fetch(stack.url + path)
  const status = async (): Promise<Status> => (await (await read('/api/v1/ingestion/worker/status')).json()) as Status
  const strangersHistory = async (): Promise<unknown[]> =>
    ((await (await read('/api/v1/ingestion/jobs/history')).json()) as { jobs: unknown[] }).jobs
  const emptyRepository = (name: string): string => {
    const bare = join(shelf.root, `${name}.git`)
    const work = join(shelf.root, `${name}.work`)
    git('/', ['init', '--quiet', '--initial-branch=main', work])
    git(work, ['commit', '--quiet', '--allow-empty', '--message=Nothing'])
    git('/', ['clone', '--quiet', '--bare', work, bare])
    return shelf.address(name)
  }

  it('names the stage it is in, and none once it is idle', async () => {
    worker = await stack.startWorker({ environment: { DOCTOWN_TEST_PAUSE_AT: 'cluster' } })
    const job = await stack.submit(await shelf.addWalkdir('stages'))
    const [view] = await waitUntil(
      async () => {
        const { workers } = await status()
        return workers[0]?.stage === 'cluster' && workers
      },
      'the stage of the worker',
      { timeoutMs: 30_000, everyMs: 50 },
    )
    assert.match(String(view?.status), /^Training Graph on /)
    assert.equal(view?.done, 0)
    await fetch(`${stack.url}/api/jobs/${job}`, { method: 'DELETE', headers: { authorization: `Bearer ${stack.token}` } })
    await stack.ended(job)
    const after = await waitUntil(async () => (await status()).status === 'Idle' && (await status()), 'idle again')
    assert.equal(after.workers[0]?.stage, undefined)
  })

  it('with a token at hand names a repository once its forge has shown it without one', async () => {
    worker = await stack.startWorker({ environment: { GIT_TOKEN: 'not-needed', DOCTOWN_TEST_PAUSE_AT: 'cluster' } })
    const address = await shelf.addWalkdir('public')
    const job = await stack.submit(address)
    const name = address.replace(/\.git$/, '')
    await waitUntil(async () => (await status()).status === `Training Graph on ${name}`, 'the name', { timeoutMs: 30_000, everyMs: 50 })
    assert.equal((await read(`/api/jobs/${job}/status`)).status, 200)
  })

  it('makes its temp folder anew when somebody has tidied it away, and names no folder when it cannot', async () => {
    worker = await stack.startWorker()
    const temp = join(stack.folder, 'tmp')
    await rm(temp, { recursive: true })
    const address = await shelf.addWalkdir('tidied')
    assert.equal((await stack.ended(await stack.submit(address))).status, 'COMPLETED')
    await rm(temp, { recursive: true })
    await writeFile(temp, '')
    const job = await stack.submit(address)
    const told = await waitUntil(
      async () => {
        const now = await status()
        return now.status.startsWith('Error: ') && JSON.stringify([now, await stack.status(job), await stack.history()])
      },
      'the failure',
      { timeoutMs: 30_000, everyMs: 100 },
    )
    assert.ok(!told.includes(stack.folder) && !told.includes('mkdir'), told)
  })

  it('keeps a private repository to the admin while its worker is dead', async () => {
    shelf.server.behaviour.token = 'secret'
    worker = await stack.startWorker({
      environment: { GIT_TOKEN: 'secret', DOCTOWN_TEST_PAUSE_AT: 'cluster', WORKER_HEARTBEAT_SECONDS: '1' },
    })
    const job = await stack.submit(await shelf.addWalkdir('orphan'))
    await waitUntil(async () => (await stack.status(job)).stage === 'cluster', 'the paused stage', { timeoutMs: 30_000, everyMs: 50 })
    await worker.kill('SIGKILL')
    await waitUntil(async () => (await status()).status === 'Offline', 'the death of the worker', { timeoutMs: 6_000, everyMs: 50 })
    assert.equal((await stack.status(job)).status, 'IN_PROGRESS')
    for (const part of ['status', 'events']) assert.equal((await read(`/api/jobs/${job}/${part}`)).status, 404)
  })

  it('tells a stranger nothing of a private repository whose job fails or is cancelled', async () => {
    shelf.server.behaviour.token = 'secret'
    worker = await stack.startWorker({ environment: { GIT_TOKEN: 'secret', DOCTOWN_TEST_PAUSE_AT: 'cluster' } })
    const failing = await stack.submit(emptyRepository('hidden-empty'))
    assert.equal((await stack.ended(failing)).status, 'FAILED')
    const cancelled = await stack.submit(await shelf.addWalkdir('hidden-walkdir'))
    await waitUntil(async () => (await stack.status(cancelled)).stage === 'cluster', 'the paused stage', { timeoutMs: 30_000, everyMs: 50 })
    assert.equal((await status()).status, 'Training Graph on private repository')
    await fetch(`${stack.url}/api/jobs/${cancelled}`, { method: 'DELETE', headers: { authorization: `Bearer ${stack.token}` } })
    assert.equal((await stack.ended(cancelled)).status, 'CANCELLED')
    assert.equal((await stack.history()).length, 2)
    assert.deepEqual(await strangersHistory(), [])
    for (const job of [failing, cancelled]) {
      for (const part of ['status', 'events']) assert.equal((await read(`/api/jobs/${job}/${part}`)).status, 404)
    }
  })
})
