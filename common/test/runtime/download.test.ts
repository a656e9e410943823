import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DoctownError } from '../../src/contracts/errors.js'
import { download, hashOf } from '../../src/runtime/download.js'

describe('a download', () => {
  const body = randomBytes(300_000)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const servers: Server[] = []
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-download-'))
    path = join(folder, 'model.onnx')
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await rm(folder, { recursive: true })
  })

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`
  }
  /** Knows ranges, as file servers do, and keeps what it was asked. */
  const fileServer =
    (asked: (string | undefined)[]): RequestListener =>
    (request, response) => {
      asked.push(request.headers.range)
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      response.writeHead(from > 0 ? 206 : 200)
      response.end(body.subarray(from))
    }
  const fetchIt = (url: string, signal = new AbortController().signal, progress = (_bytes: number, _total: number): void => {}) =>
    download({ url, path, sha256, bytes: body.length, signal, progress })

  it('has its name only when it is whole, and tells how far it is', async () => {
    const seen: number[] = []
    const url = await serve(fileServer([]))
    await fetchIt(url, undefined, (bytes) => {
      assert.equal(existsSync(path), false)
      seen.push(bytes)
    })
    assert.equal(await hashOf(path), sha256)
    assert.equal(existsSync(`${path}.part`), false)
    assert.equal(seen[0], 0)
    assert.equal(seen.at(-1), body.length)
  })

  it('goes on where a connection broke off', async () => {
    const broken = await serve((_, response) => {
      response.writeHead(200, { 'content-length': body.length })
      // Time for what was sent to arrive: a connection that is torn down takes it along.
      response.write(body.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 300))
    })
    await assert.rejects(fetchIt(broken), { code: 'download_failed' })
    const kept = (await readFile(`${path}.part`)).length
    assert.ok(kept > 0 && kept <= 100_000, `${kept} bytes kept`)
    const asked: (string | undefined)[] = []
    await fetchIt(await serve(fileServer(asked)))
    assert.deepEqual(asked, [`bytes=${kept}-`])
    assert.equal(await hashOf(path), sha256)
  })

  it('begins anew at a server that knows no ranges, and needs none when all bytes are there', async () => {
    await writeFile(`${path}.part`, body.subarray(0, 5_000))
    await fetchIt(await serve((_, response) => response.writeHead(200).end(body)))
    assert.equal(await hashOf(path), sha256)
    await rm(path)
    await writeFile(`${path}.part`, body)
    await fetchIt('http://127.0.0.1:9/never-asked')
    assert.equal(await hashOf(path), sha256)
  })

  it('throws away what is not the pinned file: other bytes, too many, a damaged beginning', async () => {
    const other = await serve((_, response) => response.writeHead(200).end(randomBytes(body.length)))
    await assert.rejects(fetchIt(other), { code: 'checksum_mismatch' })
    const endless = await serve((_, response) => {
      response.writeHead(200)
      const more = (): void => void (response.destroyed || response.write(body, more))
      more()
    })
    await assert.rejects(fetchIt(endless), { code: 'checksum_mismatch' })
    await writeFile(`${path}.part`, randomBytes(1_000))
    await assert.rejects(fetchIt(await serve(fileServer([]))), { code: 'checksum_mismatch' })
    assert.equal(existsSync(path), false)
    assert.equal(existsSync(`${path}.part`), false)
  })

  it('says what to do when nobody answers or the answer is no', async () => {
    await assert.rejects(fetchIt('http://127.0.0.1:9/model.onnx'), (error: DoctownError) => {
      assert.equal(error.code, 'download_failed')
      assert.match(error.message, /MODELS_URL/)
      return true
    })
    await assert.rejects(fetchIt(await serve((_, response) => response.writeHead(404).end())), { code: 'download_failed' })
  })

  it('stops with the reason of the signal and keeps what came', async () => {
    const reason = new DoctownError('cancelled', 'stop')
    const stop = new AbortController()
    const slow = await serve((_, response) => {
      response.writeHead(200)
      response.write(body.subarray(0, 50_000))
    })
    await assert.rejects(
      fetchIt(slow, stop.signal, (bytes) => void (bytes > 0 && stop.abort(reason))),
      (error) => error === reason,
    )
    assert.equal(existsSync(`${path}.part`), true)
  })
})
