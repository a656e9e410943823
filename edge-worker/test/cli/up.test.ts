import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { doctown } from '../support/doctown.js'

const walkdir = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')

describe('doctown up', function () {
  this.timeout(60_000)
  let work: string
  let data: string

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-up-'))
    data = join(work, 'data folder')
  })
  after(() => rm(work, { recursive: true, force: true }))

  it('--once puts a folder through the queue, shows its stages and prints one JSON object', async () => {
    const ran = await doctown(['up', '--data', data, '--ingest', walkdir, '--once', '--json'])
    assert.equal(ran.code, 0, ran.stderr)
    const answer = ran.json<{ url: string; job_id: number; status: string; docpack: string; summary: { files_processed: number } }>()
    assert.equal(answer.status, 'complete')
    assert.ok(answer.summary.files_processed > 0)
    assert.ok((await stat(answer.docpack)).size > 10_000)
    assert.equal(((await stat(join(data, 'admin-token'))).mode & 0o777).toString(8), '600')
    assert.equal((await readFile(join(data, 'admin-token'), 'utf8')).trim().length, 43)
  })

  it('--once ends with 1 and the sentence of the job when that job fails', async () => {
    const prose = join(work, 'prose')
    await mkdir(prose)
    await writeFile(join(prose, 'notes.txt'), 'nothing\n')
    const ran = await doctown(['up', '--data', data, '--ingest', prose, '--once', '--json'])
    assert.equal(ran.code, 1, ran.stderr)
    const answer = ran.json<{ error: string; detail: string; status: string }>()
    assert.deepEqual([answer.error, answer.status], ['no_supported_files', 'failed'])
    assert.match(answer.detail, /\.rs/)
  })

  it('says that a port is in use, under its own code', async () => {
    const taken = createServer().listen(0)
    await once(taken, 'listening')
    try {
      // A server on a port has an address with one.
      const { port } = taken.address() as AddressInfo
      const ran = await doctown(['up', '--data', data, '--port', String(port), '--json'])
      assert.equal(ran.code, 1, ran.stderr)
      const { error, detail } = ran.json<{ error: string; detail: string }>()
      assert.equal(error, 'port_in_use')
      assert.match(detail, new RegExp(`^Port ${port} .*--port`))
      const wrong = await doctown(['up', '--data', data, '--json'], { environment: { PORT: 'abc' } })
      assert.deepEqual([wrong.code, wrong.json<{ error: string }>().error], [2, 'config_invalid'])
    } finally {
      taken.close()
    }
  })

  it('Ctrl-C in a terminal, which reaches every process, lets the job under way end and ends with 130', async () => {
    // Long enough to be seen at work.
    const long = join(work, 'long')
    await mkdir(long)
    for (let copy = 0; copy < 60; copy++) await copyFile(join(walkdir, 'src/lib.rs'), join(long, `copy_${copy}.rs`))
    let asked = false
    const interrupted = await doctown(['up', '--data', data, '--ingest', long, '--once', '--json'], {
      asTerminal: true,
      onStderr: (text, kill) => {
        if (asked || !/\[ *\d+\/10\]/.test(text)) return
        asked = true
        kill('SIGINT')
      },
      environment: { PARSE_PROCESSES: '1' },
    })
    assert.equal(interrupted.code, 130, interrupted.stderr)
    assert.equal(interrupted.json<{ error: string }>().error, 'cancelled')
    assert.ok((await readdir(join(data, 'objects/docpacks'))).includes('3.docpack'), interrupted.stderr)
  })

  it('leaves no attempt in the temp folder and no redis behind', async () => {
    for (const worker of await readdir(join(data, 'tmp'))) assert.deepEqual(await readdir(join(data, 'tmp', worker)), [])
    assert.ok(!(await readdir(join(data, 'redis'))).includes('redis.sock'))
  })

  it('says at once that a data folder cannot be made, also where the system refuses every folder', async () => {
    for (const folder of ['/proc/doctown', join(walkdir, 'src/lib.rs')]) {
      const begin = Date.now()
      const ran = await doctown(['up', '--data', folder, '--json'])
      assert.equal(ran.code, 1)
      assert.equal(ran.json<{ error: string }>().error, 'data_folder_unwritable')
      assert.ok(Date.now() - begin < 10_000)
    }
  })
})

describe('doctown doctor', function () {
  this.timeout(30_000)

  it('is not ok when a model or a Redis was named that is not there', async () => {
    const data = await mkdtemp(join(tmpdir(), 'doctown-doctor-'))
    try {
      const ran = await doctown(['doctor', '--json', '--data', data], {
        environment: { MODEL_PATH: '/nowhere', REDIS_URL: 'redis://127.0.0.1:1' },
      })
      assert.equal(ran.code, 1)
      const { ok, checks } = ran.json<{ ok: boolean; checks: { name: string; ok: boolean; fix?: string }[] }>()
      assert.equal(ok, false)
      for (const name of ['queue', 'MODEL_PATH'])
        assert.ok(
          checks.find((check) => check.name === name && !check.ok && check.fix),
          name,
        )
    } finally {
      await rm(data, { recursive: true, force: true })
    }
  })

  it('ends with 130 when it is interrupted', async () => {
    const ran = await doctown(['doctor', '--json'], {
      environment: { DOCTOWN_DATA: join(tmpdir(), `doctown-never-${process.pid}`), REDIS_URL: 'redis://127.0.0.1:1' },
      onStart: (kill) => setTimeout(() => kill('SIGINT'), 900),
    })
    assert.equal(ran.code, 130, ran.stderr)
    assert.equal(ran.json<{ error: string }>().error, 'cancelled')
  })
})
