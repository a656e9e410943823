import assert from 'node:assert/strict'
import type { DoctownEvent } from '@doctown/common/contracts/event.js'
import { MAX_EVENTS_OF_A_TYPE, createEmitter } from '../../src/pipeline/events.js'

describe('the events of a job', () => {
  it('of one type are told up to a limit, without a gap in the sequence, and those of other types after it', () => {
    const told: DoctownEvent[] = []
    const job = { job_id: '1', task: { repo_url: 'github.com/a/b', git_ref: null } }
    const emit = createEmitter({ job, now: () => new Date(0), emit: (event) => void told.push(event) })
    for (let i = 0; i < MAX_EVENTS_OF_A_TYPE + 5; i++) emit('ingest.file_detected.v1', { file: `${i}.rs`, language: 'Rust', bytes: 1 })
    emit('ingest.completed.v1', { files_detected: 1, files_processed: 1, files_skipped: 0, chunks_created: 1 })
    assert.equal(told.length, MAX_EVENTS_OF_A_TYPE + 1)
    assert.ok(told.every(({ sequence }, i) => sequence === i + 1))
    assert.deepEqual([told.at(-1)?.event_type, told.at(-1)?.status], ['ingest.completed.v1', 'success'])
  })
})
