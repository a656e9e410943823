import assert from 'node:assert/strict'
import { JobProgress } from '../../src/worker/job-progress.js'

describe('the progress of a job', () => {
  it('tells of the furthest stage that has begun, and reports new stages at once and others every minute', () => {
    let now = 0
    const told: string[] = []
    const reported: string[] = []
    const progress = new JobProgress({
      monotonicMs: () => now,
      onProgress: (stage, done) => told.push(`${stage} ${done}`),
      onReport: (stage, done) => reported.push(`${stage} ${done}`),
    })
    progress.update('fetch', 0, null)
    progress.update('parse', 1, 9)
    progress.update('embed', 1, null)
    progress.update('parse', 2, 9)
    now = 59_000
    progress.update('embed', 5, null)
    now = 61_000
    progress.update('embed', 9, null)
    assert.deepEqual(told, ['fetch 0', 'parse 1', 'embed 1', 'embed 5', 'embed 9'])
    assert.deepEqual(reported, ['fetch 0', 'parse 1', 'embed 1', 'embed 9'])
  })
})
