import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { EventSchema } from '@doctown/common/contracts/event.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { completeResult, sampleEvent } from '@doctown/common/test/ports/queue/samples.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { openEventStream } from '../support/event-stream.js'
import { ADMIN, appsOfEachTest, type TestApp } from '../support/test-app.js'
import { gate, startWorker } from '../support/worker.js'

describe('GET /api/jobs/{job_id}/events', () => {
  const start = appsOfEachTest()
  const submit = async (api: TestApp, name = 'repo'): Promise<string> => {
    const response = await fetch(`${api.url}/api/v1/ingestion/ingest/github.com/user/${name}`, { method: 'POST', headers: ADMIN })
    return `${api.url}/api/jobs/${((await response.json()) as { job_id: number }).job_id}/events`
  }

  it('sends what happens while it happens, then ends', async () => {
    const api = await start()
    const url = await submit(api)
    const stream = await openEventStream(url)
    assert.equal(stream.status, 200)
    assert.match(String(stream.headers.get('content-type')), /^text\/event-stream/)
    assert.match(String(await stream.next()), /^retry: \d+$/)
    const { opened, open: go } = gate()
    const worker = await startWorker(api.memory, async (job) => {
      job.emit(sampleEvent(job, 1, 'ingest.started.v1', { repo_url: job.task.repo_url, git_ref: null }))
      await opened
      job.emit(sampleEvent(job, 2, 'pack.started.v1', { entries: 3 }))
      return completeResult(job)
    })
    const first = String(await stream.next())
    assert.match(first, /^id: 1\nevent: ingest\.started\.v1\ndata: \{/)
    assert.equal(EventSchema.parse(JSON.parse(first.split('data: ')[1] ?? '')).sequence, 1)
    go()
    const rest = await stream.rest()
    assert.deepEqual(
      rest.map((block) => /event: (.*)/.exec(block)?.[1]),
      ['pack.started.v1', 'job.completed.v1'],
    )
    await worker.stop({ graceMs: 0 })
  })

  it('goes on after Last-Event-ID, leaves out names when asked to, and says 204 to who has seen all', async () => {
    const api = await start()
    const worker = await startWorker(api.memory, async (job) => {
      for (let i = 1; i <= 5; i += 1) job.emit(sampleEvent(job, i, 'pack.started.v1', { entries: i }))
      return completeResult(job)
    })
    const url = await submit(api)
    const all = await (await openEventStream(url)).rest()
    assert.equal(all.length, 6)
    const resumed = await (await openEventStream(url, { 'last-event-id': '4' })).rest()
    assert.deepEqual(resumed, all.slice(4))
    const nonsense = await (await openEventStream(url, { 'last-event-id': '4x' })).rest()
    assert.equal(nonsense.length, 6)
    const unnamed = await (await openEventStream(`${url}?unnamed=1`)).rest()
    assert.ok(unnamed.length === 6 && unnamed.every((block) => /^id: \d+\ndata: /.test(block)))
    assert.equal((await fetch(`${url}?unnamed=yes`)).status, 400)
    assert.equal((await openEventStream(url, { 'last-event-id': '6' })).status, 204)
    await worker.stop({ graceMs: 0 })
  })

  it('pings a silent stream and ends a very long one, telling its reader to come back', async () => {
    const api = await start({ parts: { streamLimits: { pingMs: 30, wholeMs: 200 } } })
    const stream = await openEventStream(await submit(api))
    assert.match(String(await stream.next()), /^retry: /)
    assert.equal(await stream.next(), ': ping')
    let last: string | undefined
    for (let block = await stream.next(); block !== undefined; block = await stream.next()) last = block
    assert.match(String(last), /^retry: \d+$/)
    await waitUntil(() => api.app.streams.open === 0, 'slot given back')
  })

  it('has so many streams in all and so many an address, and frees a place when a reader leaves', async () => {
    const api = await start({ environment: { MAX_EVENT_STREAMS: '4', MAX_EVENT_STREAMS_PER_ADDRESS: '2' } })
    const url = await submit(api)
    const from = (address: string): Promise<Awaited<ReturnType<typeof openEventStream>>> =>
      openEventStream(url, { 'x-forwarded-for': address })
    const one = await from('203.0.113.1')
    const two = await from('203.0.113.1')
    assert.deepEqual([one.status, two.status], [200, 200])
    const refused = await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.1' } })
    assert.equal(refused.status, 503)
    assert.ok(refused.headers.get('retry-after'))
    assert.equal(((await refused.json()) as { error: string }).error, 'too_many_streams')
    // Neighbours of one IPv6 network are one address; this machine may have as many as there are places.
    const six = await from('2001:db8:0:1::1')
    const local = await openEventStream(url)
    assert.deepEqual([six.status, local.status], [200, 200])
    assert.equal((await from('198.51.100.7')).status, 503)
    two.close()
    await waitUntil(() => api.app.streams.open === 3, 'a free place')
    const again = await from('203.0.113.1')
    assert.equal(again.status, 200)
  })

  it('drops a reader that leaves everything unread, and keeps serving the others', async () => {
    const api = await start({ parts: { streamLimits: { stalledMs: 300 } } })
    const url = await submit(api)
    const { port, pathname } = new URL(url)
    const lazy = connect({ port: Number(port), host: '127.0.0.1' })
    await new Promise<void>((resolve) => lazy.write(`GET ${pathname} HTTP/1.1\r\nhost: x\r\n\r\n`, () => resolve()))
    lazy.pause()
    const reader = await openEventStream(url)
    await waitUntil(() => api.app.streams.open === 2, 'two streams')
    const worker = await startWorker(api.memory, async (job) => {
      for (let i = 1; i <= 600; i += 1) {
        job.emit(sampleEvent(job, i, 'ingest.file_detected.v1', { file: `${i}/${'x'.repeat(32 * 1024)}`, language: null, bytes: 1 }))
        if (i % 20 === 0) await sleep(1)
      }
      return completeResult(job)
    })
    assert.equal((await reader.rest()).length, 601)
    await waitUntil(() => api.app.streams.open === 0, 'the lazy reader dropped')
    lazy.destroy()
    await worker.stop({ graceMs: 0 })
  })

  it('tells every reader to come back when the process stops, and takes no more', async () => {
    const api = await start()
    const url = await submit(api)
    const stream = await openEventStream(url)
    await stream.next()
    api.app.streams.closeAll()
    assert.match(String(await stream.next()), /^retry: \d+$/)
    assert.equal(await stream.next(), undefined)
    assert.equal((await fetch(url)).status, 503)
  })
})
