import assert from 'node:assert/strict'
import { startTestRedis, type TestRedis } from '../support/redis-server.js'
import { checkCap, checkKilledSubmitters } from './queue-cap-check.js'

describe('the cap of ten', function () {
  this.timeout(300_000)
  let redis: TestRedis
  before(async () => {
    redis = await startTestRedis()
  })
  after(() => redis.close())

  it('is reached and never passed by 3 processes with 500 submissions each, in 20 of 20 rounds', async () => {
    const report = await checkCap(redis, { rounds: 20, submissionsEach: 500, mode: 'capped' })
    console.log(JSON.stringify(report))
    assert.deepEqual(report.wrongEnds, [])
    assert.deepEqual(report.wrongPositions, [])
    assert.equal(report.doubleIds, 0)
    assert.equal(report.mostSampled, 10)
  })

  it('would be passed by counting first and adding then: the same check fails', async () => {
    const report = await checkCap(redis, { rounds: 3, submissionsEach: 500, mode: 'naive' })
    console.log(JSON.stringify({ ...report, wrongPositions: report.wrongPositions.length }))
    assert(report.wrongEnds.length > 0)
    assert(report.mostSampled > 10)
  })

  it('leaks no slot when a submitting process is killed 30 times', async () => {
    const report = await checkKilledSubmitters(redis, { kills: 30, seed: 7 })
    console.log(JSON.stringify(report))
    assert.deepEqual(report, { kills: 30, over: 0, leaked: 0, withoutHash: 0 })
  })
})
