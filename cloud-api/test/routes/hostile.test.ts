import assert from 'node:assert/strict'
import { request } from 'node:http'
import fc from 'fast-check'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js'

/** Pieces that have broken some server once. */
const PIECES = [
  '/', '//', '.', '..', '%2e', '%2E%2e', '%2f', '%5c', '\\', '%00', '%0d%0a', '%', '%E0%A4%A', '%ff', '%25', '%252e', '?', '&', '=', '#', ';', ':', '@', '*', '+', '~', '`',
  'api', 'v1', 'ingestion', 'ingest', 'jobs', 'history', 'worker', 'status', 'events', 'docpacks', 'download', 'health', 'live', 'metrics', 'openapi.json', 'assets',
  'github.com', 'https:', 'limit', 'cursor', 'query', 'language', 'ref', 'unnamed', '1', '0', '-1', '1e9', 'NaN', 'null', '__proto__', 'constructor', 'a'.repeat(400), '{}', '[]', "'", '"', '<', '>', '|', '^',
] // prettier-ignore
const PREFIXES = ['/', '/api/', '/api/jobs/', '/api/jobs/1/', '/api/docpacks', '/api/docpacks/', '/api/v1/ingestion/ingest/', '/api/v1/ingestion/jobs/history?', '/api/docpacks?'] // prettier-ignore

describe('whatever is sent', () => {
  let api: TestApp
  before(async () => (api = await startTestApp({ environment: { RATE_LIMIT_READS: '0' } })))
  after(() => api.close())

  it('is answered with less than 500, and every refusal is JSON with a code and a sentence', async function () {
    this.timeout(60_000)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'),
        fc.constantFrom(...PREFIXES),
        fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }),
        fc.constantFrom<Record<string, string>>(
          {},
          ADMIN,
          { authorization: 'Bearer' },
          { 'content-type': 'text/html' },
          { 'x-forwarded-for': '::::, x' },
        ),
        fc.constantFrom('', '{', '{"repo_url":"github.com/a/b"}', '[[[['),
        async (method, prefix, pieces, headers, body) => {
          const answer = await send(api.url, method, prefix + pieces.join(''), headers, body)
          assert.ok(answer.status < 500, `${answer.status} ${answer.text}`)
          if (answer.status < 400 || method === 'HEAD') return
          const { error, detail } = JSON.parse(answer.text) as { error: unknown; detail: unknown }
          assert.match(String(error), /^[a-z_]+$/)
          assert.ok(typeof detail === 'string' && detail.length > 10)
          assert.ok(!/node_modules|\.js:\d+|\/work\//.test(answer.text))
        },
      ),
      { numRuns: 600, seed: 20_261_122 },
    )
    assert.equal((await send(api.url, 'GET', '/health/live', {}, '')).status, 200)
    assert.deepEqual(
      api.log.filter(({ level }) => level === 'error'),
      [],
    )
  })
})

function send(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += String(chunk)))
        // An event stream has no end of its own here.
        if (String(response.headers['content-type']).startsWith('text/event-stream')) sent.destroy()
        response.on('close', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
