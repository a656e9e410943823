import { readAddScript } from '@doctown/common/ports/queue/bullmq-cap.js'
import { API_CONNECTION, causeOf, createRedis, workerConnection } from '@doctown/common/ports/queue/bullmq-connection.js'
import { readTask, resultOf, taskOf } from '@doctown/common/ports/queue/bullmq-record.js'
import assert from 'node:assert/strict'
import { sampleTask } from './samples.js'

describe('the parts of the bullmq queue', () => {
  it('know the layout of the installed add script', () => {
    assert.match(readAddScript(), /local deduplicationKey = args\[9\]/)
  })

  it('take REDIS_URL in three forms, with TLS for rediss only', () => {
    const of = (url: string) => {
      const client = createRedis(url, { lazyConnect: true })
      const { host, port, path, tls, username, password, db } = client.options
      client.disconnect()
      return { host, port, path, tls: tls !== undefined, username, password, db }
    }
    assert.equal(of('unix:/run/doctown/redis.sock').path, '/run/doctown/redis.sock')
    const plain = of('redis://127.0.0.1:7000/2')
    assert.deepEqual([plain.host, plain.port, plain.db, plain.tls], ['127.0.0.1', 7000, 2, false])
    const secure = of('rediss://default:pass@example.org:6380')
    assert.deepEqual(
      [secure.host, secure.port, secure.username, secure.password, secure.tls],
      ['example.org', 6380, 'default', 'pass', true],
    )
  })

  it('never queue an API command for later, nor time out a blocking read of the worker', () => {
    assert.equal(API_CONNECTION.enableOfflineQueue, false)
    const worker = workerConnection(240)
    assert.equal(worker.commandTimeout, undefined)
    assert((worker.socketTimeout ?? 0) > 240_000)
  })

  it('tell a cause without addresses or credentials', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:6379'), { code: 'ECONNREFUSED' })
    assert.equal(causeOf(refused), 'cannot connect to Redis')
    assert.equal(causeOf(new Error('WRONGPASS invalid username-password pair')), 'Redis refused the credentials')
    assert.equal(causeOf(new Error('Command timed out')), 'Redis does not answer')
  })

  it('read a task that has only what http-api.md names', () => {
    const { clone_url: _, ...metadata } = sampleTask('walkdir')
    // The worker's own ALLOWED_GIT_HOSTS give the scheme.
    assert.equal(readTask(metadata)?.clone_url, 'github.com/rust-lang/walkdir.git')
    assert.equal(readTask({ other: 1 }), undefined)
    assert.equal(taskOf('not json').repo_url, 'unknown')
  })

  it('read the end of a job from the set that keeps it, also when BullMQ wrote the reason', () => {
    const data = JSON.stringify(sampleTask('walkdir'))
    const fields = { data, finishedOn: '1700000000000', returnvalue: null, failedReason: null }
    assert.equal(resultOf({ ...fields, finishedOn: null }), null)
    const lost = resultOf({ ...fields, failedReason: 'job stalled more than allowable limit' })
    assert(lost?.status === 'failed')
    assert.deepEqual(
      [lost.error_code, lost.permanent, lost.repo_url, lost.timestamp],
      ['worker_lost', true, 'github.com/rust-lang/walkdir', '2023-11-14T22:13:20.000Z'],
    )
    const strange = resultOf({ ...fields, failedReason: 'something else' })
    assert(strange?.status === 'failed')
    assert.equal(strange.error_code, 'stage_failed')
  })
})
