import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { failsWith, fetchFrom } from '../../support/fetch-run.js'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'
import { makeWalkdirRepository } from '../../support/walkdir-repository.js'

const MiB = 1024 * 1024

describe('a git server that misbehaves', () => {
  let root: string
  let server: GitServer

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-faults-'))
    await makeWalkdirRepository(join(root, 'walkdir.git'), { bare: true })
  })
  beforeEach(async () => {
    server = await startGitServer(root)
  })
  afterEach(() => server.close())
  after(() => rm(root, { recursive: true }))

  const took = async (work: Promise<unknown>): Promise<number> => {
    const start = performance.now()
    await work
    return performance.now() - start
  }

  it('with a redirect is refused: the target is never asked, and a plain new address is named', async () => {
    const trap = await startGitServer(root)
    try {
      server.behaviour.redirectTo = `${trap.origin}/walkdir.git/info/refs?service=git-upload-pack`
      await assert.rejects(fetchFrom(server, 'walkdir.git'), failsWith('address_refused', /redirect/))
      assert.equal(trap.connections(), 0)
      server.behaviour.redirectTo = 'https://github.com/new/name/info/refs?service=git-upload-pack'
      await assert.rejects(fetchFrom(server, 'walkdir.git'), failsWith('address_refused', /github\.com\/new\/name;/))
      server.behaviour.redirectTo = 'https://user:secret@evil.example/info/refs'
      await assert.rejects(
        fetchFrom(server, 'walkdir.git'),
        (error: Error) => failsWith('address_refused')(error) && !/evil|secret/.test(error.message),
      )
    } finally {
      await trap.close()
    }
  })

  it('that never answers is a clone_timeout after the idle time, and transient', async () => {
    server.behaviour.hang = true
    const spent = await took(
      assert.rejects(fetchFrom(server, 'walkdir.git', { limits: { idleMs: 400 } }), failsWith('clone_timeout', /nothing for 0\.4 s/)),
    )
    assert.ok(spent < 5000, String(spent))
    assert.equal(new DoctownError('clone_timeout', '').permanent, false)
  })

  it('that stops in the middle of the pack is a clone_timeout too', async () => {
    Object.assign(server.behaviour, { stopAfterBytes: 9000, stopHow: 'stall' })
    await assert.rejects(fetchFrom(server, 'walkdir.git', { limits: { idleMs: 400 } }), failsWith('clone_timeout', /nothing/))
  })

  it('that closes the connection in the middle of the pack is git_unavailable at once', async () => {
    Object.assign(server.behaviour, { stopAfterBytes: 9000, stopHow: 'cut' })
    const spent = await took(assert.rejects(fetchFrom(server, 'walkdir.git'), failsWith('git_unavailable')))
    assert.ok(spent < 5000, String(spent))
  })

  it('that sends a little now and then is stopped by the whole time', async () => {
    server.behaviour.trickle = { bytes: 10, everyMs: 50 }
    const limits = { idleMs: 1000, wholeMs: 2500 }
    const spent = await took(assert.rejects(fetchFrom(server, 'walkdir.git', { limits }), failsWith('clone_timeout', /longer than 2\.5 s/)))
    assert.ok(spent < 5000, String(spent))
  })

  it('that is slow but within its times is read', async () => {
    server.behaviour.delayMs = 300
    server.behaviour.trickle = { bytes: 2000, everyMs: 20 }
    assert.equal((await fetchFrom(server, 'walkdir.git', { limits: { idleMs: 2000 } })).files.length, 7)
  })

  it('that sends more than a pack may have is cut off within 10 MiB, permanently', async () => {
    server.behaviour.noiseBytes = 100 * MiB
    await assert.rejects(fetchFrom(server, 'walkdir.git', { limits: { packBytes: 8 * MiB } }), failsWith('repo_too_large', /8 MiB/))
    assert.ok(server.sentBytes() < 18 * MiB, String(server.sentBytes()))
    assert.equal(new DoctownError('repo_too_large', '').permanent, true)
  })

  it('that sends noise for a pack is git_protocol', async () => {
    server.behaviour.noiseBytes = 100_000
    await assert.rejects(fetchFrom(server, 'walkdir.git'), failsWith('git_protocol'))
  })

  it('is told apart by its status: gone is permanent, trouble is not', async () => {
    for (const [status, code] of [
      [404, 'repo_not_found'],
      [410, 'repo_not_found'],
      [403, 'repo_auth_required'],
      [429, 'git_unavailable'],
      [500, 'git_unavailable'],
      [503, 'git_unavailable'],
    ] as const) {
      server.behaviour.status = status
      await assert.rejects(fetchFrom(server, 'walkdir.git'), failsWith(code), String(status))
    }
  })

  it('that knows no such repository is repo_not_found with what to do', async () => {
    await assert.rejects(fetchFrom(server, 'nobody.git'), failsWith('repo_not_found', /check the address/))
  })

  it('is left alone when the job is cancelled, with the signal\u2019s own reason', async () => {
    server.behaviour.hang = true
    const controller = new AbortController()
    const reason = new DoctownError('cancelled', 'The job was cancelled.')
    setTimeout(() => controller.abort(reason), 500)
    await assert.rejects(fetchFrom(server, 'walkdir.git', { context: { signal: controller.signal } }), reason)
    await assert.rejects(fetchFrom(server, 'walkdir.git', { context: { signal: controller.signal } }), reason)
  })
})

describe('a private repository', () => {
  let root: string
  let server: GitServer
  const SECRET = 'ghs_thisIsNoRealToken'

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-private-'))
    await makeWalkdirRepository(join(root, 'walkdir.git'), { bare: true })
    server = await startGitServer(root, { token: SECRET })
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  it('is read with the token, which is sent only after the forge asked, and marked private', async () => {
    server.requests.length = 0
    const fetched = await fetchFrom(server, 'walkdir.git', { token: async () => SECRET })
    assert.equal(fetched.private, true)
    assert.equal(fetched.files.length, 7)
    assert.equal(server.requests[0]?.authorization, undefined)
    assert.ok(server.requests.every(({ url }) => !url.includes(SECRET)))
    assert.ok(!JSON.stringify(fetched).includes(SECRET))
  })

  it('is read even when it takes longer than the idle time from the answer that asked for the token', async () => {
    const slow = await startGitServer(root, { token: SECRET, trickle: { bytes: 2000, everyMs: 20 } })
    try {
      const fetched = await fetchFrom(slow, 'walkdir.git', { token: async () => SECRET, limits: { idleMs: 500 } })
      assert.equal(fetched.files.length, 7)
    } finally {
      await slow.close()
    }
  })

  it('that turns out to be public is not marked private and sees no token', async () => {
    const open = await startGitServer(root)
    try {
      let asked = 0
      const fetched = await fetchFrom(open, 'walkdir.git', { token: async () => `${SECRET}${asked++}` })
      assert.deepEqual([fetched.private, asked], [false, 0])
      assert.ok(open.requests.every(({ authorization }) => authorization === undefined))
    } finally {
      await open.close()
    }
  })

  it('without a token is repo_auth_required and names GIT_TOKEN and the App', async () => {
    for (const token of [null, async () => null, async () => '']) {
      await assert.rejects(
        fetchFrom(server, 'walkdir.git', { token }),
        failsWith('repo_auth_required', /does not exist.*GIT_TOKEN.*GitHub App/),
      )
    }
  })

  it('with a wrong token is repo_auth_required, says so, and does not show the token', async () => {
    await assert.rejects(
      fetchFrom(server, 'walkdir.git', { token: async () => 'ghs_wrong' }),
      (error: Error) => failsWith('repo_auth_required', /refused the token/)(error) && !error.message.includes('ghs_wrong'),
    )
  })

  it('whose token cannot be made fails with that reason', async () => {
    const reason = new DoctownError('git_unavailable', 'The App did not answer.')
    await assert.rejects(fetchFrom(server, 'walkdir.git', { token: () => Promise.reject(reason) }), reason)
  })
})
