import type { JobSource } from '@doctown/common/ports/queue/port.js'
import { createMemoryQueue } from '@doctown/common/ports/queue/memory.js'
import assert from 'node:assert/strict'
import { describeQueue } from './conformance.js'
import { sampleTask } from './samples.js'

describeQueue('memory', async () => {
  const { queue, createSource } = createMemoryQueue({ maxQueueSize: 10, retryDelayMs: 30 })
  const sources: JobSource[] = []
  return {
    queue,
    startSource: async (workerName, handler) => {
      const source = createSource({ workerName })
      sources.push(source)
      await source.start(handler)
      return source
    },
    close: async () => {
      await Promise.all(sources.map((source) => source.stop({ graceMs: 0 })))
      await queue.close()
    },
  }
})

describe('memory queue in an outage', () => {
  it('refuses every call with the code and the cause, and works again after it', async () => {
    const memory = createMemoryQueue()
    memory.setOutage('connection refused')
    await assert.rejects(memory.queue.submit(sampleTask('a')), {
      code: 'queue_unavailable',
      message: 'Queue unavailable: connection refused',
    })
    await assert.rejects(memory.queue.workers(), { code: 'redis_unavailable' })
    assert.equal(memory.queue.health().redis, 'down')
    memory.setOutage(null)
    assert.equal((await memory.queue.submit(sampleTask('a'))).queue_position, 1)
  })
})
