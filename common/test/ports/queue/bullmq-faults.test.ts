/** The fault checks in short; check:faults runs them in full length. */
import assert from 'node:assert/strict'
import { checkCap, checkKilledSubmitters } from '../../faults/queue-cap-check.js'
import { checkOutage } from '../../faults/queue-outage-check.js'
import { PRODUCTION, TEST_SETTINGS, checkBlockedLoop, checkDeaths, checkOffline } from '../../faults/queue-worker-check.js'
import { startTestRedis, type TestRedis } from '../../support/redis-server.js'

describe('the bullmq queue under faults', function () {
  this.timeout(60_000)
  let redis: TestRedis
  before(async () => {
    redis = await startTestRedis()
  })
  after(() => redis.close())

  it('takes exactly ten from three processes that submit at once', async () => {
    const report = await checkCap(redis, { rounds: 2, submissionsEach: 200, mode: 'capped' })
    assert.deepEqual(report.wrongEnds, [])
    assert.deepEqual(report.wrongPositions, [])
    assert.equal(report.doubleIds, 0)
    assert.equal(report.mostSampled, 10)
  })

  it('would take more if it counted first and added then: the same check fails', async () => {
    const report = await checkCap(redis, { rounds: 1, submissionsEach: 200, mode: 'naive' })
    assert(report.wrongEnds.length > 0)
    assert(report.mostSampled > 10)
  })

  it('leaks no slot when a submitting process is killed', async () => {
    assert.deepEqual(await checkKilledSubmitters(redis, { kills: 3, seed: 3 }), { kills: 3, over: 0, leaked: 0, withoutHash: 0 })
  })

  for (const outage of ['killed', 'stopped', 'auth refused', 'down at start'] as const) {
    it(`refuses every call within 2 s while Redis is away (${outage}), and works within 3 s of its return`, async () => {
      const report = await checkOutage(redis, outage, { lastsMs: 1_600 })
      assert.deepEqual(report.wrong, [])
      // Contract limits are asserted at twice their value here, at their value in check:faults.
      assert(report.worstMs < 4_000, `${report.worstMs} ms`)
      assert(report.backMs < 6_000, `${report.backMs} ms`)
    })
  }

  it('has a killed worker take up its job within 10 s of its restart, with production settings', async () => {
    const report = await checkDeaths(redis, { deaths: 1, settings: PRODUCTION })
    assert.equal(report.status, 'COMPLETED')
    assert.equal(report.historyRows, 1)
    assert(Math.max(...report.restartMs) < 20_000, String(report.restartMs))
  })

  it('gives a job up as worker_lost at the fourth death, once in history', async () => {
    const report = await checkDeaths(redis, { deaths: 4, settings: TEST_SETTINGS })
    assert(report.result?.status === 'failed')
    assert.equal(report.result.error_code, 'worker_lost')
    assert.equal(report.historyRows, 1)
  })

  it('shows a killed worker as Offline within 2.5 heartbeats', async () => {
    const { heartbeats } = await checkOffline(redis, { heartbeatSeconds: 1 })
    assert(heartbeats < 5, String(heartbeats))
  })

  it('keeps the job of a worker whose loop stands still for longer than its lock lasts', async () => {
    const report = await checkBlockedLoop(redis, { blockMs: 4_000, settings: { lockSeconds: 1.5, stalledSeconds: 0.5 } })
    assert.deepEqual(report, { taken: 1, status: 'COMPLETED', historyRows: 1 })
  })
})
