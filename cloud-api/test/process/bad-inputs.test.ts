import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { failToStart, openWorkbench, startServer, type ServerProcess, type Workbench } from '../support/server-process.js'
import { ADMIN_TOKEN } from '../support/test-app.js'

const InputSchema = z.object({
  method: z.string().optional(),
  path: z.string().optional(),
  path_raw: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  repo_url: z.string().optional(),
  process: z.string().optional(),
  set: z.record(z.string(), z.string()).optional(),
  unset: z.array(z.string()).optional(),
})
const ExpectedSchema = z.object({
  status: z.array(z.number()).optional(),
  error: z.string().optional(),
  response_headers: z.record(z.string(), z.string()).optional(),
  jobs_enqueued: z.number().optional(),
  exit_code_not: z.number().optional(),
  within_ms: z.number().optional(),
  stderr_includes: z.array(z.string()).optional(),
})
const CasesSchema = z.object({
  cases: z.array(
    z.object({ id: z.string(), target: z.enum(['api', 'env']), title: z.string(), input: InputSchema, expected: ExpectedSchema }),
  ),
})
type Input = z.infer<typeof InputSchema>

const { cases } = CasesSchema.parse(
  JSON.parse(readFileSync(join(repositoryRoot(), 'cloud-api', 'test', 'fixtures', 'bad-inputs.json'), 'utf8')),
)

/** Names of the routes in the cases. */
const ROUTES: Record<string, string> = {
  '${INGEST}': '/api/v1/ingestion/ingest',
  '${HISTORY}': '/api/v1/ingestion/jobs/history',
  '${JOB}': '/api/jobs',
}
const filled = (text: string): string =>
  Object.entries(ROUTES)
    .reduce((filling, [name, path]) => filling.replace(name, path), text)
    .replace('${ADMIN_TOKEN}', ADMIN_TOKEN)

describe('bad input to the API, on the real server and a real Redis', () => {
  let bench: Workbench
  let server: ServerProcess
  before(async () => {
    bench = await openWorkbench()
    server = await startServer({ REDIS_URL: bench.redis.url, DOCTOWN_DATA: bench.folder })
  })
  after(async () => {
    const output = server.output()
    assert.equal(await server.stop(), 0)
    await bench.remove()
    assert.ok(!output.includes(ADMIN_TOKEN), 'the token is in the log')
  })

  const waiting = async (): Promise<number> => {
    const response = await fetch(`${server.url}/api/v1/ingestion/worker/status`)
    return ((await response.json()) as { queue_size: number }).queue_size
  }

  for (const { id, title, input, expected } of cases.filter(({ target }) => target === 'api')) {
    it(`${id}: ${title}`, async () => {
      const before = await waiting()
      const startedAt = Date.now()
      const answer = await send(server.url, input)
      assert.ok(Date.now() - startedAt < 2000)
      assert.ok(expected.status?.includes(answer.status), `${answer.status} ${answer.text}`)
      if (answer.status >= 400) {
        // An error's body is JSON, by the contract and by the cases.
        const body = JSON.parse(answer.text) as { error: string; detail: string }
        if (expected.error !== undefined) assert.equal(body.error, expected.error)
        assert.ok(body.detail.length > 5)
        assert.ok(!/\bat .+:\d+|\/work\/|node_modules/.test(answer.text))
      }
      for (const [name, value] of Object.entries(expected.response_headers ?? {})) assert.equal(answer.headers[name], value)
      if (expected.jobs_enqueued !== undefined) assert.equal((await waiting()) - before, expected.jobs_enqueued)
      assert.equal((await fetch(`${server.url}/health`)).status, 200)
    })
  }
})

describe('bad settings of the API process', () => {
  for (const { id, title, input, expected } of cases.filter(({ target, input }) => target === 'env' && input.process === 'api')) {
    it(`${id}: ${title}`, async () => {
      const unset = Object.fromEntries((input.unset ?? []).map((name) => [name, undefined]))
      const { code, stderr, ms } = await failToStart({ ...input.set, ...unset })
      assert.notEqual(code, expected.exit_code_not)
      assert.ok(ms < (expected.within_ms ?? 5000), `${ms} ms`)
      for (const part of expected.stderr_includes ?? []) assert.ok(stderr.includes(part), stderr)
    })
  }

  it('are all told at once, without the values of secrets, in five seconds', async () => {
    const { code, stderr, ms } = await failToStart({
      PHAROS_ADMIN_TOKEN: 'too-short-secret',
      PORT: '99999',
      REDIS_URL: 'http://x',
      MAX_QUEUE_SIZE: 'ten',
      PRODUCTION: 'true',
    })
    assert.equal(code, 2)
    assert.ok(ms < 5000)
    for (const name of ['PHAROS_ADMIN_TOKEN', 'PORT', 'REDIS_URL', 'MAX_QUEUE_SIZE', 'PUBLIC_URL', 'BUCKET_SECRET'])
      assert.ok(stderr.includes(`  ${name}: `), stderr)
    assert.ok(!stderr.includes('too-short-secret') && !/\bat .+:\d+/.test(stderr))
  })
})

/** On the request line as it stands: no client between us and the bytes tidies the path. */
function send(url: string, input: Input): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const path =
    input.path_raw !== undefined
      ? filled(input.path_raw)
      : filled(input.path ?? '') + (input.repo_url === undefined ? '' : `/${encodeURIComponent(input.repo_url)}`)
  const headers = Object.fromEntries(Object.entries(input.headers ?? {}).map(([name, value]) => [name, filled(value)]))
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: input.method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end()
  })
}
