import { asDoctownError, DoctownError } from '@doctown/common/contracts/errors.js'
import { Secret } from '@doctown/common/contracts/secret.js'
import { createOpenAILanguageModel, type OpenAIOptions } from '@doctown/common/ports/llm/openai.js'
import type { Completion, LanguageModel } from '@doctown/common/ports/llm/port.js'
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { languageModelConformance, request } from './conformance.js'
import { completion, startLoopbackOpenAI, type LoopbackOpenAI, type Reply } from './loopback-openai.js'

const KEY = 'sk-test-0123456789abcdef'
const good = completion('{"summary":"Starts."}')
const error = (status: number, code: string | null = null, headers: Record<string, string> = {}): Reply => ({
  kind: 'error',
  status,
  // Real servers quote a part of the key; this one quotes all of it.
  body: { error: { message: `Trouble with ${KEY}`, type: code ?? 'server_error', code, param: null } },
  headers,
})

describe('the OpenAI language model, against a loopback server that checks each request against the SDK’s types (no real service was asked)', () => {
  const open: { close: () => Promise<void> }[] = []
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close()
  })

  async function start(
    reply: (at: number) => Reply,
    options: Partial<OpenAIOptions> = {},
  ): Promise<{ model: LanguageModel; server: LoopbackOpenAI }> {
    const server = await startLoopbackOpenAI(KEY, reply)
    const model = createOpenAILanguageModel({
      apiKey: new Secret(KEY),
      model: 'test-model',
      baseUrl: server.baseUrl,
      backoffMs: 5,
      attemptMs: 2_000,
      random: () => 0.5,
      ...options,
    })
    open.push(server, model)
    return { model, server }
  }

  /** Sends one request and tells how it ended, and that every request was one the SDK's types allow. */
  async function outcome(
    reply: (at: number) => Reply,
    options: Partial<OpenAIOptions> = {},
  ): Promise<{ result: Completion | DoctownError; tries: number }> {
    const { model, server } = await start(reply, options)
    const result = await model.complete(request()).catch((thrown: unknown) => asDoctownError(thrown))
    assert.deepEqual(
      server.seen.map(({ problem }) => problem),
      server.seen.map(() => null),
    )
    return { result, tries: server.seen.length }
  }

  languageModelConformance({
    answering: async (values) => (await start((at) => completion(JSON.stringify(values[at])))).model,
    failing: async () => (await start(() => error(500))).model,
    writes: true,
  })

  it('sends the JSON schema, both messages, the limit and the key, and nothing else', async () => {
    const { model, server } = await start(() => good)
    await model.complete(request({ system: 'S', user: 'U', maxOutputTokens: 77 }))
    assert.deepEqual(server.seen[0]?.body, {
      model: 'test-model',
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'U' },
      ],
      max_completion_tokens: 77,
      response_format: { type: 'json_schema', json_schema: { name: 'document', schema: request().schema.definition, strict: true } },
    })
  })

  const lasting: readonly (readonly [name: string, reply: Reply, code: string])[] = [
    ['429 insufficient_quota', error(429, 'insufficient_quota'), 'llm_quota'],
    ['429 credit_balance_exhausted', error(429, 'credit_balance_exhausted'), 'llm_quota'],
    ['429 billing_hard_limit_reached', error(429, 'billing_hard_limit_reached'), 'llm_quota'],
    ['429 monthly_spend_limit', error(429, 'monthly_spend_limit'), 'llm_quota'],
    ['401', error(401, 'invalid_api_key'), 'llm_refused'],
    ['403', error(403, 'unsupported_country'), 'llm_refused'],
    ['404 for the model', error(404, 'model_not_found'), 'llm_refused'],
    ['400', error(400, 'invalid_value'), 'llm_refused'],
  ]
  for (const [name, reply, code] of lasting) {
    it(`never tries ${name} again and throws ${code}`, async () => {
      const { result, tries } = await outcome(() => reply)
      assert.equal(result instanceof DoctownError && result.code, code)
      assert.equal(tries, 1)
    })
  }

  const passing: readonly (readonly [name: string, reply: Reply])[] = [
    ['500', error(500)],
    ['503', error(503)],
    ['an answer cut in the middle', { kind: 'cut' }],
    ['an empty answer', completion('')],
    ['an answer without choices', { kind: 'text', body: '{"id":"x"}' }],
    ['text that is no JSON', completion('Certainly! Here is')],
    ['half a JSON text', completion('{"summary":"Sta', { finish_reason: 'length' })],
    ['a body that is no JSON', { kind: 'text', body: '<html>' }],
    ['a refusal', completion(null, {}, 'I cannot help with that.')],
    ['a filtered answer', completion('{}', { finish_reason: 'content_filter' })],
  ]
  for (const [name, reply] of passing) {
    it(`tries ${name} three times in all, then throws llm_unavailable`, async () => {
      const { result, tries } = await outcome(() => reply)
      assert.equal(result instanceof DoctownError && result.code, 'llm_unavailable')
      assert.equal(tries, 3)
    })

    it(`answers when ${name} comes twice and then an answer`, async () => {
      const { result } = await outcome((at) => (at < 2 ? reply : good))
      assert.deepEqual(result instanceof DoctownError ? result : result.value, { summary: 'Starts.' })
    })
  }

  for (const headers of [false, true]) {
    it(`gives up a try when the server falls silent ${headers ? 'behind its headers' : 'before its headers'}`, async () => {
      const started = performance.now()
      const { result, tries } = await outcome(() => ({ kind: 'silent', headers }), { attemptMs: 100 })
      assert.equal(result instanceof DoctownError && result.code, 'llm_unavailable')
      assert.equal(tries, 3)
      assert.ok(performance.now() - started < 5_000)
    })
  }

  it('throws llm_unavailable when nobody listens', async () => {
    const { model, server } = await start(() => good)
    await server.close()
    await assert.rejects(model.complete(request()), { code: 'llm_unavailable' })
  })

  it('waits at least Retry-After before the next try of a 429, and tries five times in all', async () => {
    const { model, server } = await start((at) =>
      at === 0 ? error(429, 'rate_limit_exceeded', { 'retry-after': '1' }) : error(429, 'rate_limit_exceeded'),
    )
    await assert.rejects(model.complete(request()), { code: 'llm_unavailable' })
    assert.equal(server.seen.length, 5)
    const pause = (server.seen[1]?.at ?? 0) - (server.seen[0]?.at ?? 0)
    assert.ok(pause >= 1_000 && pause < 2_000, String(pause))
  })

  it('does not begin to wait when Retry-After passes the 120 s of a call', async () => {
    const started = performance.now()
    const { result, tries } = await outcome(() => error(429, 'rate_limit_exceeded', { 'retry-after': '121' }))
    assert.equal(result instanceof DoctownError && result.code, 'llm_unavailable')
    assert.equal(tries, 1)
    assert.ok(performance.now() - started < 2_000)
  })

  it('sends no further request once quota or key are refused, until the circuit closes again', async () => {
    const { model, server } = await start((at) => (at === 0 ? error(429, 'insufficient_quota') : good), { circuitMs: 300 })
    await assert.rejects(model.complete(request()), { code: 'llm_quota' })
    await assert.rejects(model.complete(request()), { code: 'llm_quota' })
    assert.equal(server.seen.length, 1)
    await new Promise((resolve) => setTimeout(resolve, 320))
    assert.deepEqual((await model.complete(request())).value, { summary: 'Starts.' })
  })

  it('stops waiting with the reason of the signal', async () => {
    const { model } = await start(() => error(429, 'rate_limit_exceeded', { 'retry-after': '60' }))
    const controller = new AbortController()
    const waiting = model.complete(request({ signal: controller.signal }))
    setTimeout(() => controller.abort(new Error('stop now')), 100)
    await assert.rejects(waiting, /stop now/)
  })

  it('breaks off a running request when it is closed', async () => {
    const { model } = await start(() => ({ kind: 'silent' }), { attemptMs: 20_000 })
    const waiting = model.complete(request())
    setTimeout(() => void model.close(), 50)
    await assert.rejects(waiting, { code: 'llm_unavailable' })
  })

  it('counts the tokens of tries that came to nothing', async () => {
    const { result } = await outcome((at) => (at === 0 ? completion('no JSON') : good))
    assert.deepEqual(result instanceof DoctownError ? result : [result.inputTokens, result.outputTokens], [22, 14])
  })

  it('never shows the key: not in an error, its causes or its stack, whatever the server quotes', async () => {
    for (const reply of [error(401, 'invalid_api_key'), error(429, 'insufficient_quota'), error(500), error(400, KEY)]) {
      const { result } = await outcome(() => reply)
      assert.ok(result instanceof DoctownError)
      assert.ok(!inspect(result, { depth: 20, showHidden: true }).includes(KEY))
      assert.ok(!JSON.stringify([result, result.cause, result.stack]).includes(KEY))
    }
  })

  it('asks the address it was given and not the one in the environment', async () => {
    const before = process.env['OPENAI_BASE_URL']
    process.env['OPENAI_BASE_URL'] = 'http://127.0.0.1:9/v1'
    try {
      const { result } = await outcome(() => good)
      assert.ok(!(result instanceof DoctownError))
    } finally {
      if (before === undefined) delete process.env['OPENAI_BASE_URL']
      else process.env['OPENAI_BASE_URL'] = before
    }
  })
})
