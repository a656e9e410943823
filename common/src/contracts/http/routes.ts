/**
 * The HTTP contract of cloud-api, row by row. To add an endpoint add a row here, a handler of the same name in `cloud-api/src/routes/`
 * and a use case; the compiler and the OpenAPI test tell what is left. `docs/openapi.json` is made from this table.
 */
import { z } from 'zod'
import { DocpackIdSchema, JobIdSchema } from '../ids.js'
import { LIMITS } from '../limits.js'
import {
  AcceptedSchema,
  CancelledSchema,
  DispatchedSchema,
  DocpackListSchema,
  DocpackViewSchema,
  HealthSchema,
  HistorySchema,
  JobStateSchema,
  LiveSchema,
  SearchAnswerSchema,
  SubmissionRequestSchema,
  WorkerStatusSchema,
} from './bodies.js'
import type { HttpAnswer, HttpRoute } from './route.js'

const json = (description: string, body: z.ZodType): HttpAnswer => ({ description, contentType: 'application/json', body })
const nothing = z.object({})
const jobParams = z.object({ job_id: JobIdSchema })
const docpackParams = z.object({ docpack_id: DocpackIdSchema })
const gitRef = z.string('ref must be one branch, tag or commit').optional()

/** A number of rows, read from text: `0`, `-1`, `1e9`, `+5` and `007` are not. */
export const HistoryLimitSchema = z
  .string('limit must be one whole number from 1 to 100')
  .regex(/^[1-9][0-9]{0,2}$/, 'limit must be a whole number from 1 to 100')
  .refine((text) => Number(text) <= LIMITS.historyLimit, 'limit must be a whole number from 1 to 100')
  .optional()

const defaults = {
  auth: 'none',
  params: nothing,
  wrongParams: 'not_found',
  query: nothing,
  wrongQuery: 'invalid_request',
  body: null,
} as const

export const ROUTES = {
  ingest: {
    ...defaults,
    method: 'post',
    path: '/api/v1/ingestion/ingest/{repo_url...}',
    summary: 'Submit a repository',
    description:
      'The address is the rest of the path, slashes included, plain or percent-encoded once: `github.com/user/repo`, `https://github.com/user/repo.git`. ' +
      'A repository and ref that wait already give back the same job.',
    auth: 'admin',
    params: z.object({ repo_url: z.string() }),
    wrongParams: 'invalid_repo_url',
    query: z.object({ ref: gitRef.meta({ description: 'A branch, tag or commit; without it the remote HEAD.' }) }),
    answers: { 200: json('The job is in the queue.', DispatchedSchema) },
    errors: ['unauthorized', 'invalid_repo_url', 'queue_full', 'queue_unavailable'],
  },
  workerStatus: {
    ...defaults,
    method: 'get',
    path: '/api/v1/ingestion/worker/status',
    summary: 'What the edge workers do now',
    auth: 'optional',
    answers: { 200: json('The busiest worker, and each of them.', WorkerStatusSchema) },
    errors: ['redis_unavailable'],
  },
  history: {
    ...defaults,
    method: 'get',
    path: '/api/v1/ingestion/jobs/history',
    summary: 'Finished jobs, newest first',
    auth: 'optional',
    query: z.object({ limit: HistoryLimitSchema.meta({ description: '1 to 100; 10 when absent.' }) }),
    wrongQuery: 'invalid_limit',
    answers: { 200: json('Exactly one entry for each finished job.', HistorySchema) },
    errors: ['invalid_limit', 'redis_unavailable', 'queue_unavailable'],
  },
  submitJob: {
    ...defaults,
    method: 'post',
    path: '/api/jobs',
    summary: 'Submit a repository, in JSON',
    auth: 'admin',
    body: SubmissionRequestSchema,
    answers: { 202: json('The job is in the queue.', AcceptedSchema) },
    errors: ['unauthorized', 'invalid_json', 'payload_too_large', 'invalid_repo_url', 'queue_full', 'queue_unavailable'],
  },
  jobStatus: {
    ...defaults,
    method: 'get',
    path: '/api/jobs/{job_id}/status',
    summary: 'One job',
    auth: 'optional',
    params: jobParams,
    answers: { 200: json('Where the job is, and what came of it.', JobStateSchema) },
    errors: ['not_found', 'queue_unavailable'],
  },
  jobEvents: {
    ...defaults,
    method: 'get',
    path: '/api/jobs/{job_id}/events',
    summary: 'The events of one job, live',
    description:
      'Server-sent events, version 1: `id` is the sequence, `event` the type, `data` the JSON envelope. `Last-Event-ID` resumes. ' +
      'A stream ends after `job.completed.v1`, and after 30 minutes; it is dropped when its reader leaves 1 MiB unread. 204 when there is nothing more to come.',
    auth: 'optional',
    params: jobParams,
    query: z.object({
      unnamed: z
        .enum(['0', '1'], 'unnamed must be 0 or 1')
        .optional()
        .meta({ description: '`1` leaves out the `event:` line, so that a plain `onmessage` sees every event.' }),
    }),
    headers: z.object({ 'last-event-id': z.string().optional() }),
    answers: {
      200: { description: 'The stream.', contentType: 'text/event-stream' },
      204: { description: 'The job has ended and every event up to `Last-Event-ID` was seen: do not come back.' },
    },
    errors: ['not_found', 'too_many_streams', 'queue_unavailable'],
  },
  cancelJob: {
    ...defaults,
    method: 'delete',
    path: '/api/jobs/{job_id}',
    summary: 'Cancel a job',
    auth: 'admin',
    params: jobParams,
    answers: { 202: json('It ends as `cancelled`.', CancelledSchema) },
    errors: ['unauthorized', 'not_found', 'job_not_active', 'queue_unavailable'],
  },
  docpacks: {
    ...defaults,
    method: 'get',
    path: '/api/docpacks',
    summary: 'The commons: docpacks on the shelf, newest first',
    auth: 'optional',
    query: z.object({
      query: z
        .string('query must be given once')
        .max(200, 'query may have 200 characters')
        .optional()
        .meta({ description: 'Part of the address of the repository.' }),
      language: z.string('language must be given once').max(50, 'language may have 50 characters').optional(),
      cursor: z.string('cursor must be given once').max(200, 'cursor must be a next_cursor of this list').optional(),
    }),
    answers: { 200: json('A page of fifty; `next_cursor` is null on the last one.', DocpackListSchema) },
    errors: ['object_store_unavailable'],
  },
  docpack: {
    ...defaults,
    method: 'get',
    path: '/api/docpacks/{docpack_id}',
    summary: 'One docpack with its manifest',
    auth: 'optional',
    params: docpackParams,
    answers: { 200: json('What it is and what is inside.', DocpackViewSchema) },
    errors: ['not_found', 'object_store_unavailable'],
  },
  download: {
    ...defaults,
    method: 'get',
    path: '/api/docpacks/{docpack_id}/download',
    summary: 'The docpack file',
    auth: 'optional',
    params: docpackParams,
    headers: z.object({ 'if-none-match': z.string().optional() }),
    answers: {
      200: {
        description: 'The bytes.',
        contentType: 'application/zip',
        headers: { etag: 'The sha256 of the bytes.', 'content-disposition': 'attachment' },
      },
      304: { description: 'You have it already.' },
    },
    errors: ['not_found', 'too_many_downloads', 'object_store_unavailable'],
  },
  removeDocpack: {
    ...defaults,
    method: 'delete',
    path: '/api/docpacks/{docpack_id}',
    summary: 'Take a docpack off the shelf',
    auth: 'admin',
    params: docpackParams,
    answers: { 204: { description: 'It is gone.' } },
    errors: ['unauthorized', 'not_found', 'object_store_unavailable', 'vector_store_unavailable'],
  },
  search: {
    ...defaults,
    method: 'get',
    path: '/api/search',
    summary: 'Ranked symbols of the docpacks on the shelf',
    auth: 'optional',
    query: z.object({
      q: z
        .string('q must be given once: what is looked for')
        .max(500, 'q may have 500 characters')
        .refine((text) => text.trim() !== '', 'q is empty: say what is looked for')
        .meta({ description: 'A name, words, a message of the program or a question.' }),
      repo: z
        .string('repo must be given once')
        .max(300, 'repo may have 300 characters')
        .optional()
        .meta({ description: 'One repository alone, as `host/owner/name`.' }),
      kind: z
        .string('kind must be given once')
        .max(50, 'kind may have 50 characters')
        .optional()
        .meta({ description: 'One type of symbol alone, such as `method`.' }),
      limit: HistoryLimitSchema.meta({ description: '1 to 100; 10 when absent.' }),
    }),
    answers: { 200: json('Best first, with the reasons.', SearchAnswerSchema) },
    errors: ['invalid_request', 'vector_store_unavailable', 'model_differs'],
  },
  health: {
    ...defaults,
    method: 'get',
    path: '/health',
    summary: 'How the service and what it stands on are',
    description: 'Answers within two seconds whatever is down, and sends Redis no command.',
    answers: { 200: json('`ok` or `degraded`.', HealthSchema), 503: json('`unavailable`: Redis is away.', HealthSchema) },
    errors: [],
  },
  live: {
    ...defaults,
    method: 'get',
    path: '/health/live',
    summary: 'The process serves',
    answers: { 200: json('Yes.', LiveSchema) },
    errors: [],
  },
  metrics: {
    ...defaults,
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus metrics, names beginning with doctown_',
    answers: { 200: { description: 'Prometheus text.', contentType: 'text/plain' } },
    errors: [],
  },
  openapi: {
    ...defaults,
    method: 'get',
    path: '/openapi.json',
    summary: 'This contract',
    answers: { 200: { description: 'OpenAPI 3.1.', contentType: 'application/json' } },
    errors: [],
  },
  page: {
    ...defaults,
    method: 'get',
    path: '/',
    summary: 'The web page',
    answers: { 200: { description: 'Workers, queue, history and docpacks, for a person.', contentType: 'text/html' } },
    errors: [],
  },
} as const satisfies Record<string, HttpRoute>

export type Routes = typeof ROUTES
export type RouteName = keyof Routes
