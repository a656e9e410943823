import assert from 'node:assert/strict'
import { startTestRedis, type TestRedis } from '../support/redis-server.js'
import { PRODUCTION, TEST_SETTINGS, checkBlockedLoop, checkDeaths, checkOffline } from './queue-worker-check.js'

describe('a worker that dies', function () {
  this.timeout(120_000)
  let redis: TestRedis
  before(async () => {
    redis = await startTestRedis()
  })
  after(() => redis.close())

  it('by kill -9 in the middle of a job takes it up again within 10 s of its restart, with production settings', async () => {
    const report = await checkDeaths(redis, { deaths: 1, settings: PRODUCTION })
    console.log(JSON.stringify({ restartMs: report.restartMs }))
    assert.equal(report.status, 'COMPLETED')
    assert.equal(report.historyRows, 1)
    assert(Math.max(...report.restartMs) < 10_000, String(report.restartMs))
  })

  it('three times on one job still completes it, once in history', async () => {
    const report = await checkDeaths(redis, { deaths: 3, settings: TEST_SETTINGS })
    console.log(JSON.stringify({ restartMs: report.restartMs }))
    assert.equal(report.status, 'COMPLETED')
    assert.equal(report.historyRows, 1)
  })

  it('four times on one job ends it as worker_lost, once in history', async () => {
    const report = await checkDeaths(redis, { deaths: 4, settings: TEST_SETTINGS })
    assert.equal(report.status, 'FAILED')
    assert(report.result?.status === 'failed')
    assert.equal(report.result.error_code, 'worker_lost')
    assert.equal(report.result.permanent, true)
    assert.equal(report.result.repo_url, 'github.com/rust-lang/hang')
    assert.equal(report.historyRows, 1)
  })

  it('reads Offline within 2.5 heartbeats', async () => {
    const report = await checkOffline(redis, { heartbeatSeconds: 2 })
    console.log(JSON.stringify(report))
    assert(report.heartbeats <= 2.55, String(report.heartbeats))
  })

  it('not, but whose loop stands still for 10 s with a lock of 3 s, keeps its job from a second worker', async () => {
    const report = await checkBlockedLoop(redis, { blockMs: 10_000, settings: TEST_SETTINGS })
    assert.deepEqual(report, { taken: 1, status: 'COMPLETED', historyRows: 1 })
  })
})
