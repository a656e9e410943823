import { findRedisServer, startPrivateRedis } from '@doctown/common/runtime/private-redis.js'
import { askRedis, isRedisReady } from '@doctown/common/runtime/redis-probe.js'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../support/wait-until.js'

const searchPath = process.env.PATH ?? ''

describe('a private redis', function () {
  this.timeout(30_000)
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-redis-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  it('listens on a socket that only its user can open, and on no port', async () => {
    const redis = await startPrivateRedis({ dataFolder: join(root, 'data'), searchPath })
    try {
      assert.equal((await stat(join(root, 'data'))).mode & 0o777, 0o700)
      assert.equal((await stat(redis.socketPath)).mode & 0o777, 0o700)
      assert.match((await askRedis(redis.socketPath, 'INFO server')) ?? '', /tcp_port:0\r/)
      assert.match((await askRedis(redis.socketPath, 'INFO memory')) ?? '', /maxmemory_policy:noeviction/)
    } finally {
      await redis.stop()
    }
  })

  it('keeps its data from one start to the next, also after kill -9', async () => {
    const dataFolder = join(root, 'data')
    const first = await startPrivateRedis({ dataFolder, searchPath })
    await askRedis(first.socketPath, 'SET kept yes')
    process.kill(first.pid, 'SIGKILL')
    await waitUntil(async () => !(await isRedisReady(first.socketPath)), 'the end of the server')
    const second = await startPrivateRedis({ dataFolder, searchPath })
    try {
      assert.equal(second.reused, false)
      assert.match((await askRedis(second.socketPath, 'GET kept')) ?? '', /yes/)
    } finally {
      await second.stop()
    }
    assert.equal(await isRedisReady(second.socketPath), false)
  })

  it('has a socket path under 100 bytes also for a long data folder', async () => {
    const redis = await startPrivateRedis({ dataFolder: join(root, 'd'.repeat(60), 'e'.repeat(60)), searchPath })
    assert(Buffer.byteLength(redis.socketPath) < 100, redis.socketPath)
    assert.equal(await isRedisReady(redis.socketPath), true)
    await redis.stop()
    await assert.rejects(stat(join(redis.socketPath, '..')))
  })

  it('takes over, and stops, the server that a killed Doctown left', async () => {
    const dataFolder = join(root, 'data')
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { startPrivateRedis } = await import(${JSON.stringify(import.meta.resolve('@doctown/common/runtime/private-redis.js'))})
       const redis = await startPrivateRedis(${JSON.stringify({ dataFolder, searchPath })})
       console.log(redis.pid)
       setInterval(() => {}, 1000)`,
    ])
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))))
    // While its starter lives, a second user shares the server and leaves it alone.
    const guest = await startPrivateRedis({ dataFolder, searchPath })
    assert.equal(guest.pid, pid)
    await guest.stop()
    assert.equal(await isRedisReady(guest.socketPath), true)
    const ended = new Promise((resolve) => parent.once('exit', resolve))
    parent.kill('SIGKILL')
    await ended
    const heir = await startPrivateRedis({ dataFolder, searchPath })
    assert.equal(heir.reused, true)
    assert.equal(heir.pid, pid)
    await heir.stop()
    assert.equal(await isRedisReady(heir.socketPath), false)
  })

  it('does not take a stranger with the remembered pid for its server', async () => {
    const dataFolder = join(root, 'data')
    const first = await startPrivateRedis({ dataFolder, searchPath })
    await first.stop()
    const stranger = spawn('sleep', ['30'])
    try {
      await writeFile(
        join(dataFolder, 'redis.pid'),
        JSON.stringify({ pid: stranger.pid, socketPath: first.socketPath, owner: process.pid }),
      )
      const second = await startPrivateRedis({ dataFolder, searchPath })
      assert.equal(second.reused, false)
      assert.notEqual(second.pid, stranger.pid)
      await second.stop()
      assert.equal(stranger.exitCode, null)
    } finally {
      stranger.kill()
    }
  })

  it('says which package to install when there is no redis-server', async () => {
    assert.equal(findRedisServer(root), undefined)
    await assert.rejects(startPrivateRedis({ dataFolder: join(root, 'data'), searchPath: root }), {
      code: 'redis_server_missing',
      message: /apt install redis-server/,
    })
  })

  it('says so when the data folder cannot be written', async () => {
    await writeFile(join(root, 'file'), '')
    await assert.rejects(startPrivateRedis({ dataFolder: join(root, 'file', 'data'), searchPath }), { code: 'data_folder_unwritable' })
  })
})
