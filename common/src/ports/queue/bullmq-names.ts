/** Every key and channel of the queue in Redis. BullMQ makes its own from prefix and queue name; ours stand beside them. */
export const PREFIX = 'doctown'
export const QUEUE_NAME = 'ingestion'
export const JOB_NAME = 'ingest'

/** A key of BullMQ's own: `wait`, `active`, `delayed`, `completed`, `failed`, `stalled`, `stalled-check`, or a job's id. */
export const queueKey = (type: string): string => `${PREFIX}:${QUEUE_NAME}:${type}`

/** What one worker says of itself, kept for 2.5 heartbeats. */
export const workerStatusKey = (workerName: string): string => `${PREFIX}:worker:status:${workerName}`
/** Names of all workers that did not leave in order. */
export const WORKER_NAMES_KEY = `${PREFIX}:workers`
/** Worker reports and queue sizes, for the copies that APIs keep in memory. */
export const NEWS_CHANNEL = `${PREFIX}:news`
/** A running job's cancellation. */
export const cancelChannel = (jobId: string): string => `${PREFIX}:cancel:${jobId}`
/** The batches of events of a job's newest attempt. */
export const eventsKey = (jobId: string): string => `${PREFIX}:events:${jobId}`
