/** The queue's own refusals, in the words that http-api.md fixes. */
import { DoctownError } from '../../contracts/errors.js'

export const queueFullError = (queueSize: number, maxQueueSize: number): DoctownError =>
  new DoctownError('queue_full', `Queue is full (${queueSize} pending tasks). Please try again later.`, {
    details: { queue_size: queueSize, max_queue_size: maxQueueSize },
  })

export const queueUnavailable = (cause: string, error?: unknown): DoctownError =>
  new DoctownError('queue_unavailable', `Queue unavailable: ${cause}`, { cause: error })

export const redisUnavailable = (cause: string, error?: unknown): DoctownError =>
  new DoctownError('redis_unavailable', `Redis unavailable: ${cause}`, { cause: error })
