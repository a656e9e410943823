import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { DoctownEvent } from '@doctown/common/contracts/event.js'
import { JobIdSchema, type JobId } from '@doctown/common/contracts/ids.js'
import type { JobHandler, JobQueue, JobSource, JobView, TakenJob } from '@doctown/common/ports/queue/port.js'
import { waitUntil } from '../../support/wait-until.js'
import { completeResult, sampleEvent, sampleTask } from './samples.js'

/** A queue of its own for each test, with a cap of ten and short waits. */
export interface QueueUnderTest {
  readonly queue: JobQueue
  /** Started and ready to take; stopped by `close`. */
  startSource(name: string, handler: JobHandler): Promise<JobSource>
  close(): Promise<void>
}

/** The promises of `JobQueue` and `JobSource`, the same for every adapter. */
export function describeQueue(adapter: string, open: () => Promise<QueueUnderTest>): void {
  describe(`${adapter} queue`, function () {
    this.timeout(30_000)
    let under: QueueUnderTest
    let queue: JobQueue

    beforeEach(async () => {
      under = await open()
      queue = under.queue
    })
    afterEach(() => under.close())

    describe('submit', () => {
      it('gives numeric ids, positions from 1 and the size that results', async () => {
        const first = await queue.submit(sampleTask('a'))
        const second = await queue.submit(sampleTask('b'))
        assert.match(first.job_id, /^[1-9]\d*$/)
        assert.equal(Number(second.job_id), Number(first.job_id) + 1)
        assert.deepEqual(
          [first, second].map(({ queue_position, queue_size, duplicate }) => ({ queue_position, queue_size, duplicate })),
          [
            { queue_position: 1, queue_size: 1, duplicate: false },
            { queue_position: 2, queue_size: 2, duplicate: false },
          ],
        )
      })

      it('gives back the waiting job for the same repository and ref, whatever its case, without using a slot', async () => {
        await queue.submit(sampleTask('a'))
        const first = await queue.submit(sampleTask('walkdir'))
        const again = await queue.submit({ ...sampleTask('walkdir'), repo_url: 'github.com/Rust-Lang/WalkDir' })
        const other = await queue.submit(sampleTask('walkdir', { ref: 'v2' }))
        assert.deepEqual(again, { job_id: first.job_id, queue_position: 2, queue_size: 2, duplicate: true })
        assert.notEqual(other.job_id, first.job_id)
      })

      it('refuses the eleventh with its numbers, but still knows a duplicate when it is full', async () => {
        const first = await queue.submit(sampleTask('r0'))
        for (let i = 1; i < 10; i++) await queue.submit(sampleTask(`r${i}`))
        await assert.rejects(queue.submit(sampleTask('r10')), (error: unknown) => {
          assert(error instanceof DoctownError)
          assert.equal(error.code, 'queue_full')
          assert.equal(error.message, 'Queue is full (10 pending tasks). Please try again later.')
          assert.deepEqual(error.details, { queue_size: 10, max_queue_size: 10 })
          return true
        })
        const again = await queue.submit(sampleTask('r0'))
        assert.deepEqual(again, { job_id: first.job_id, queue_position: 1, queue_size: 10, duplicate: true })
      })

      it('takes at most ten of a hundred at once, at positions 1 to 10', async () => {
        const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => queue.submit(sampleTask(`c${i}`))))
        const positions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.queue_position] : []))
        assert.deepEqual(
          positions.sort((a, b) => a - b),
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        )
      })

      it('makes one job of fifty simultaneous submissions of the same repository', async () => {
        const all = await Promise.all(Array.from({ length: 50 }, () => queue.submit(sampleTask('same'))))
        assert.equal(new Set(all.map(({ job_id }) => job_id)).size, 1)
        assert.equal(all.filter(({ duplicate }) => !duplicate).length, 1)
      })

      it('refuses a task over 16 KiB', async () => {
        await assert.rejects(queue.submit(sampleTask('x'.repeat(20_000))), { code: 'invalid_request' })
      })
    })

    describe('work', () => {
      it('takes the oldest first and keeps one history entry a job, newest first, without output', async () => {
        const ids = []
        for (const name of ['a', 'b', 'c']) ids.push((await queue.submit(sampleTask(name))).job_id)
        const taken: string[] = []
        await under.startSource('w1', async (job) => {
          taken.push(job.job_id)
          return completeResult(job)
        })
        const rows = await waitUntil(async () => {
          const found = await queue.history({ limit: 10, includePrivate: false })
          return found.length === 3 && found
        }, 'three history entries')
        assert.deepEqual(taken, ids)
        assert.deepEqual(
          rows.map(({ job_id, status }) => ({ job_id, status })),
          ids.toReversed().map((id) => ({ job_id: Number(id), status: 'complete' })),
        )
        assert.equal(rows[0]?.files_processed, 3)
        assert.equal('output' in rows[0], false)
        assert.equal('private' in rows[0], false)
        assert.equal((await queue.history({ limit: 2, includePrivate: false })).length, 2)
      })

      it('runs one job at a time in one worker', async () => {
        for (let i = 0; i < 4; i++) await queue.submit(sampleTask(`j${i}`))
        let running = 0
        let most = 0
        await under.startSource('w1', async (job) => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 20))
          running -= 1
          return completeResult(job)
        })
        await waitUntil(async () => (await queue.history({ limit: 10, includePrivate: true })).length === 4, 'four entries')
        assert.equal(most, 1)
      })

      it('shares ten jobs between two workers, each run once', async () => {
        const runs: string[] = []
        for (let i = 0; i < 10; i++) await queue.submit(sampleTask(`j${i}`))
        const handler: JobHandler = async (job) => {
          runs.push(job.job_id)
          await new Promise((resolve) => setTimeout(resolve, 15))
          return completeResult(job)
        }
        await Promise.all([under.startSource('w1', handler), under.startSource('w2', handler)])
        await waitUntil(async () => (await queue.history({ limit: 100, includePrivate: true })).length === 10, 'ten entries')
        assert.equal(new Set(runs).size, 10)
        assert.equal(runs.length, 10)
      })

      it('lets the same repository wait again while it runs', async () => {
        const gate = createGate()
        await under.startSource('w1', async (job) => {
          await gate.opened
          return completeResult(job)
        })
        const first = await queue.submit(sampleTask('a'))
        await waitForStatus(queue, first.job_id, 'IN_PROGRESS')
        const second = await waitUntil(async () => {
          const submission = await queue.submit(sampleTask('a'))
          return submission.job_id !== first.job_id && submission
        }, 'a new job')
        assert.equal(second.queue_position, 1)
        gate.open()
        await waitForStatus(queue, second.job_id, 'COMPLETED')
      })

      it('tries a passing failure three times, then keeps one failed entry with the last code', async () => {
        const attempts: { attempt: number; last: boolean }[] = []
        await under.startSource('w1', async (job) => {
          attempts.push({ attempt: job.attempt, last: job.isLastAttempt })
          throw new DoctownError(job.isLastAttempt ? 'clone_timeout' : 'git_unavailable', 'the forge did not answer')
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        const view = await waitForStatus(queue, job_id, 'FAILED')
        assert.deepEqual(attempts, [
          { attempt: 1, last: false },
          { attempt: 2, last: false },
          { attempt: 3, last: true },
        ])
        assert.equal(view.result?.status, 'failed')
        const rows = await queue.history({ limit: 10, includePrivate: true })
        assert.equal(rows.length, 1)
        const { timestamp, ...row } = rows[0] ?? assert.fail('no row')
        assert(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000)
        assert.deepEqual(row, {
          job_id: Number(job_id),
          repo_url: 'github.com/rust-lang/a',
          status: 'failed',
          error: 'the forge did not answer',
          error_code: 'clone_timeout',
          permanent: false,
        })
      })

      it('does not try a permanent failure again', async () => {
        let calls = 0
        await under.startSource('w1', async () => {
          calls += 1
          throw new DoctownError('repo_not_found', 'There is no such repository.')
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        const view = await waitForStatus(queue, job_id, 'FAILED')
        assert.equal(calls, 1)
        assert(view.result?.status === 'failed')
        assert.equal(view.result.error_code, 'repo_not_found')
        assert.equal(view.result.permanent, true)
      })

      it('skips a task stamped 25 hours ago without calling the handler', async () => {
        let calls = 0
        await under.startSource('w1', async (job) => {
          calls += 1
          return completeResult(job)
        })
        const { job_id } = await queue.submit(sampleTask('old', { submittedMsAgo: 25 * 3_600_000 }))
        const view = await waitForStatus(queue, job_id, 'SKIPPED')
        assert.equal(calls, 0)
        assert(view.result?.status === 'skipped')
        assert.equal(view.result.reason, 'Task exceeded TTL')
        assert(view.result.age_seconds >= 90_000 && view.result.age_seconds < 90_060, String(view.result.age_seconds))
      })

      it('shows rows of private repositories only to those who may see them', async () => {
        await under.startSource('w1', async (job) => {
          if (job.task.repo_url.endsWith('lost')) {
            await job.markPrivate(true)
            throw new DoctownError('repo_empty', 'Empty.')
          }
          return completeResult(job, { isPrivate: job.task.repo_url.endsWith('secret') })
        })
        for (const name of ['secret', 'open', 'lost']) await queue.submit(sampleTask(name))
        await waitUntil(async () => (await queue.history({ limit: 10, includePrivate: true })).length === 3, 'three entries')
        const shown = await queue.history({ limit: 10, includePrivate: false })
        assert.deepEqual(
          shown.map(({ repo_url }) => repo_url),
          ['github.com/rust-lang/open'],
        )
      })
    })

    describe('find', () => {
      it('tells that a job is private from its mark on, also between attempts, and that it is not once that is taken back', async () => {
        await under.startSource('w1', async (job) => {
          if (job.attempt === 2) {
            assert.equal(job.task.private, true)
            await job.markPrivate(false)
            return completeResult(job)
          }
          await job.markPrivate(true)
          throw new DoctownError('git_unavailable', 'not now')
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitUntil(async () => (await queue.find(job_id))?.task.private === true, 'the mark')
        await waitForStatus(queue, job_id, 'COMPLETED')
        assert.equal((await queue.find(job_id))?.task.private, false)
      })

      it('tells waiting, running with stage and progress, and the result', async () => {
        const gate = createGate()
        const { job_id } = await queue.submit(sampleTask('a'))
        const waiting = await queue.find(job_id)
        assert.deepEqual({ ...waiting, task: null }, { ...QUEUED, job_id, task: null })
        assert.equal(waiting?.task.repo_url, 'github.com/rust-lang/a')
        await under.startSource('w1', async (job) => {
          job.progress('parse', 3, 7)
          await job.flush()
          await gate.opened
          return completeResult(job)
        })
        const running = await waitUntil(async () => {
          const view = await queue.find(job_id)
          return view?.stage === 'parse' && view
        }, 'progress seen')
        assert.equal(running.status, 'IN_PROGRESS')
        assert.deepEqual(running.progress, { done: 3, total: 7 })
        assert.equal(running.result, null)
        gate.open()
        const done = await waitForStatus(queue, job_id, 'COMPLETED')
        assert(done.result?.status === 'complete')
        assert.equal(done.result.output.symbols, 5)
        assert.equal(await queue.find(JobIdSchema.parse('999999')), undefined)
      })
    })

    describe('cancel', () => {
      it('removes a waiting job, frees its slot and keeps one cancelled entry', async () => {
        const { job_id } = await queue.submit(sampleTask('a'))
        await queue.submit(sampleTask('b'))
        assert.equal(await queue.cancel(job_id), 'removed')
        assert.equal(await queue.cancel(job_id), 'finished')
        assert.equal((await waitForStatus(queue, job_id, 'CANCELLED')).queue_position, null)
        const again = await queue.submit(sampleTask('a'))
        assert.notEqual(again.job_id, job_id)
        assert.equal(again.queue_size, 2)
        const rows = await queue.history({ limit: 10, includePrivate: false })
        assert.deepEqual(
          rows.map((row) => [row.job_id, row.status]),
          [[Number(job_id), 'cancelled']],
        )
      })

      it('aborts a running job with the reason cancelled', async () => {
        let reason: unknown
        await under.startSource('w1', async (job) => {
          await new Promise<void>((resolve) => job.signal.addEventListener('abort', () => resolve()))
          reason = job.signal.reason
          throw job.signal.reason
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitForStatus(queue, job_id, 'IN_PROGRESS')
        assert.equal(await queue.cancel(job_id), 'aborting')
        await waitForStatus(queue, job_id, 'CANCELLED')
        assert(reason instanceof DoctownError)
        assert.equal(reason.code, 'cancelled')
        assert.equal((await queue.history({ limit: 10, includePrivate: false })).length, 1)
      })

      it('knows what is finished and what never was', async () => {
        await under.startSource('w1', async (job) => completeResult(job))
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitForStatus(queue, job_id, 'COMPLETED')
        assert.equal(await queue.cancel(job_id), 'finished')
        assert.equal(await queue.cancel(JobIdSchema.parse('999999')), 'unknown')
      })
    })

    describe('events', () => {
      it('come in order while the job runs and end after job.completed.v1', async () => {
        const gate = createGate()
        await under.startSource('w1', async (job) => {
          job.emit(sampleEvent(job, 1, 'ingest.started.v1', { repo_url: 'r', git_ref: null }))
          job.emit(sampleEvent(job, 2, 'ingest.file_detected.v1', { file: 'a.rs', language: 'Rust', bytes: 3 }))
          await job.flush()
          await gate.opened
          job.emit(sampleEvent(job, 3, 'job.completed.v1', { status: 'complete' }))
          return completeResult(job)
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitForStatus(queue, job_id, 'IN_PROGRESS')
        const reading = readEvents(queue, job_id, 0)
        await waitUntil(() => reading.events.length >= 2, 'two events before the end')
        gate.open()
        await reading.ended
        assert.deepEqual(
          reading.events.map(({ sequence, event_type }) => `${sequence} ${event_type}`),
          ['1 ingest.started.v1', '2 ingest.file_detected.v1', '3 job.completed.v1'],
        )
        const resumed = readEvents(queue, job_id, 2)
        await resumed.ended
        assert.deepEqual(
          resumed.events.map(({ sequence }) => sequence),
          [3],
        )
      })

      it('end also for a job that nobody ran', async () => {
        const { job_id } = await queue.submit(sampleTask('a'))
        const reading = readEvents(queue, job_id, 0)
        await queue.cancel(job_id)
        await reading.ended
        assert.deepEqual(
          reading.events.map(({ event_type, payload, status }) => [event_type, payload.status, status]),
          [['job.completed.v1', 'cancelled', 'failed']],
        )
      })

      it('start over when a job is tried again', async () => {
        const { job_id } = await queue.submit(sampleTask('a'))
        await under.startSource('w1', async (job) => {
          job.emit(sampleEvent(job, 1, 'ingest.started.v1', { repo_url: 'r', git_ref: null }))
          await job.flush()
          if (job.attempt === 1) throw new DoctownError('git_unavailable', 'not now')
          job.emit(sampleEvent(job, 2, 'job.completed.v1', { status: 'complete' }))
          return completeResult(job)
        })
        await waitForStatus(queue, job_id, 'COMPLETED')
        const reading = readEvents(queue, job_id, 0)
        await reading.ended
        assert.deepEqual(
          reading.events.map(({ event_id }) => event_id),
          [`evt_${job_id}_2_1`, `evt_${job_id}_2_2`],
        )
        // Seen in the first attempt, whose numbers went further than the second's do.
        const resumed = readEvents(queue, job_id, 3)
        await resumed.ended
        assert.deepEqual(
          resumed.events.map(({ sequence }) => sequence),
          [1, 2],
        )
      })

      it('stop when the reader leaves', async () => {
        const { job_id } = await queue.submit(sampleTask('a'))
        const reading = readEvents(queue, job_id, 0)
        reading.leave()
        await reading.ended
        assert.deepEqual(reading.events, [])
      })
    })

    describe('stop', () => {
      it('waits for the running job within the grace', async () => {
        // The job lasts until it has been seen running and told to stop: a view may be a second old.
        const told = createGate()
        const source = await under.startSource('w1', async (job) => {
          await told.opened
          await new Promise((resolve) => setTimeout(resolve, 100))
          return completeResult(job)
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitForStatus(queue, job_id, 'IN_PROGRESS')
        const stopped = source.stop({ graceMs: 5_000 })
        told.open()
        await stopped
        await waitForStatus(queue, job_id, 'COMPLETED')
      })

      it('hands a longer job back without using up an attempt, at the head of the queue', async () => {
        let seen: TakenJob | undefined
        const source = await under.startSource('w1', async (job) => {
          seen = job
          await new Promise<void>((resolve) => job.signal.addEventListener('abort', () => resolve()))
          throw job.signal.reason
        })
        const { job_id } = await queue.submit(sampleTask('a'))
        await waitUntil(() => seen, 'the job taken')
        const behind = await queue.submit(sampleTask('b'))
        await source.stop({ graceMs: 50 })
        assert(seen?.signal.reason instanceof DoctownError)
        const view = await waitForStatus(queue, job_id, 'QUEUED')
        assert.equal(view.queue_position, 1)
        const again = await queue.submit(sampleTask('a'))
        assert.deepEqual([again.job_id, again.queue_position, again.duplicate], [job_id, 1, true])
        const attempts: [string, number, boolean][] = []
        await under.startSource('w2', async (job) => {
          attempts.push([job.job_id, job.attempt, job.isLastAttempt])
          if (job.job_id === job_id && job.attempt < 4) throw new DoctownError('git_unavailable', 'not now')
          return completeResult(job)
        })
        await waitForStatus(queue, job_id, 'COMPLETED')
        assert.deepEqual(
          attempts.filter(([id]) => id === job_id),
          [
            [job_id, 2, false],
            [job_id, 3, false],
            [job_id, 4, true],
          ],
        )
        assert.equal(attempts[0]?.[0], job_id)
        await waitForStatus(queue, behind.job_id, 'COMPLETED')
      })
    })

    describe('workers', () => {
      it('are seen idle, then as they report, and not once they have stopped', async () => {
        assert.deepEqual(await queue.workers(), [])
        const source = await under.startSource('w1', async (job) => completeResult(job))
        const idle = await waitUntil(async () => (await queue.workers())[0], 'a worker')
        assert.equal(idle.name, 'w1')
        assert.equal(idle.status, 'Idle')
        await source.report({
          state: 'training',
          status: 'Training Graph on github.com/rust-lang/a',
          job_id: '7',
          stage: 'parse',
          done: 1,
          total: 2,
          execution_provider: 'cpu',
        })
        const busy = await waitUntil(async () => (await queue.workers()).find(({ state }) => state === 'training'), 'training')
        assert.equal(busy.status, 'Training Graph on github.com/rust-lang/a')
        assert.equal(busy.stage, 'parse')
        assert.equal(busy.execution_provider, 'cpu')
        await source.stop({ graceMs: 100 })
        await waitUntil(async () => (await queue.workers()).every(({ state }) => state === 'offline'), 'gone')
      })
    })

    it('knows its health and how many wait', async () => {
      await queue.submit(sampleTask('a'))
      await queue.submit(sampleTask('b'))
      const health = await waitUntil(() => {
        const now = queue.health()
        return now.redis === 'ok' && now.waiting === 2 && now
      }, 'health ok with two waiting')
      assert.equal(health.cause, null)
    })
  })
}

const QUEUED = { status: 'QUEUED', stage: null, progress: null, queue_position: 1, result: null } as const

function waitForStatus(queue: JobQueue, jobId: JobId, status: JobView['status']): Promise<JobView> {
  return waitUntil(async () => {
    const view = await queue.find(jobId)
    return view?.status === status && view
  }, `job ${jobId} ${status}`)
}

function readEvents(queue: JobQueue, jobId: JobId, afterSequence: number): { events: DoctownEvent[]; ended: Promise<void>; leave(): void } {
  const abort = new AbortController()
  const events: DoctownEvent[] = []
  const ended = (async () => {
    for await (const event of queue.events(jobId, { afterSequence, signal: abort.signal })) events.push(event)
  })()
  return { events, ended, leave: () => abort.abort() }
}

function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
