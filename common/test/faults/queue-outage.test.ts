import assert from 'node:assert/strict'
import { startTestRedis, type TestRedis } from '../support/redis-server.js'
import { OUTAGES, checkOutage } from './queue-outage-check.js'

describe('a Redis that is away', function () {
  this.timeout(120_000)
  let redis: TestRedis
  before(async () => {
    redis = await startTestRedis()
  })
  after(() => redis.close())

  for (const outage of OUTAGES) {
    it(`(${outage}) has every call refused within 2 s, and serves within 3 s of its return`, async () => {
      const report = await checkOutage(redis, outage, { lastsMs: 6_000 })
      console.log(JSON.stringify(report))
      assert.deepEqual(report.wrong, [])
      assert(report.worstMs < 2_000, `${report.worstMs} ms`)
      assert(report.backMs < 3_000, `${report.backMs} ms`)
      assert(report.healthBackMs < 3_000, `${report.healthBackMs} ms`)
    })
  }
})
