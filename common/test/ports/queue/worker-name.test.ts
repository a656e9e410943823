import { claimWorkerName } from '@doctown/common/ports/queue/worker-name.js'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

describe('the name of a worker', () => {
  let dataFolder: string
  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'doctown-name-'))
  })
  afterEach(() => rm(dataFolder, { recursive: true, force: true }))

  it('is the same at every start, and shared by no two that live', async () => {
    const first = await claimWorkerName({ dataFolder, base: 'node' })
    const second = await claimWorkerName({ dataFolder, base: 'node' })
    assert.match(first.name, /^node-[0-9a-f]{8}$/)
    assert.notEqual(second.name, first.name)
    await first.release()
    const again = await claimWorkerName({ dataFolder, base: 'node' })
    assert.equal(again.name, first.name)
    await again.release()
    await second.release()
  })

  it('is free again at once after kill -9 of its worker', async () => {
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { claimWorkerName } = await import(${JSON.stringify(import.meta.resolve('@doctown/common/ports/queue/worker-name.js'))})
       console.log((await claimWorkerName(${JSON.stringify({ dataFolder, base: 'node' })})).name)
       setInterval(() => {}, 1000)`,
    ])
    const name = await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    const heir = await claimWorkerName({ dataFolder, base: 'node' })
    assert.equal(heir.name, name)
    await heir.release()
  })

  it('is given to one of ten that find the same dead holder at once', async () => {
    const dead = { host: hostname(), pid: 2 ** 22 + 1, started: 't1' }
    await (await claimWorkerName({ dataFolder, base: 'node' })).release()
    await writeFile(join(dataFolder, 'workers', '1.lock'), JSON.stringify(dead))
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimWorkerName({ dataFolder, base: 'node' })))
    assert.equal(new Set(claims.map(({ name }) => name)).size, 10)
    await Promise.all(claims.map((claim) => claim.release()))
  })

  it('is not taken from a worker in another container whose file is fresh', async () => {
    const first = await claimWorkerName({ dataFolder, base: 'node' })
    await first.release()
    const elsewhere = { host: `${hostname()}-other`, pid: 1, started: 't1' }
    await writeFile(join(dataFolder, 'workers', '1.lock'), JSON.stringify(elsewhere))
    const second = await claimWorkerName({ dataFolder, base: 'node' })
    assert.notEqual(second.name, first.name)
    await second.release()
  })
})
