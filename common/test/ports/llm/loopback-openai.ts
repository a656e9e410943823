import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type OpenAI from 'openai'
import { z } from 'zod'

/** The request as this adapter may send it; any other field is an error, because the server then answers 400. */
const RequestSchema = z.strictObject({
  model: z.string().min(1),
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user']), content: z.string().min(1) })).min(1),
  max_completion_tokens: z.number().int().positive(),
  response_format: z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/),
      schema: z.record(z.string(), z.unknown()),
      strict: z.literal(true),
    }),
  }),
})

/** How the server answers one request. */
export type Reply =
  | { readonly kind: 'answer'; readonly completion: OpenAI.ChatCompletion }
  | { readonly kind: 'error'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Headers and half a body, then the connection ends. */
  | { readonly kind: 'cut' }
  /** Takes the request and says nothing; with `headers`, sends the headers and then nothing. */
  | { readonly kind: 'silent'; readonly headers?: boolean }
  | { readonly kind: 'text'; readonly body: string }

export interface LoopbackOpenAI {
  readonly baseUrl: string
  /** Requests so far: time of arrival (ms, performance.now()) and what was wrong with them. */
  readonly seen: {
    readonly at: number
    readonly problem: string | null
    readonly body: OpenAI.ChatCompletionCreateParamsNonStreaming | null
  }[]
  readonly close: () => Promise<void>
}

/** A chat completions endpoint on loopback. `reply` is asked once a request, `at` counts from 0. */
export async function startLoopbackOpenAI(key: string, reply: (at: number) => Reply): Promise<LoopbackOpenAI> {
  const seen: LoopbackOpenAI['seen'][number][] = []
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const { problem, body } = check(request, parse(text), key)
      const at = seen.push({ at: performance.now(), problem, body }) - 1
      if (problem !== null)
        send(response, 400, { error: { message: problem, type: 'invalid_request_error', code: 'test_server_refused', param: null } })
      else answer(response, reply(at))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // `address()` is an AddressInfo for every server that listens on a port.
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A whole answer as OpenAI gives it. */
export function completion(
  content: string | null,
  choice: Partial<OpenAI.ChatCompletion.Choice> = {},
  refusal: string | null = null,
): Reply {
  return {
    kind: 'answer',
    completion: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'test-model',
      choices: [{ index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content, refusal }, ...choice }],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    },
  }
}

/** The compiler fails here when what the schema lets through is no request by the SDK's own types. */
function check(request: IncomingMessage, body: unknown, key: string): Pick<LoopbackOpenAI['seen'][number], 'problem' | 'body'> {
  const refuse = (problem: string): { problem: string; body: null } => ({ problem, body: null })
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
    return refuse(`${request.method ?? ''} ${request.url ?? ''} is no route`)
  if (request.headers.authorization !== `Bearer ${key}`) return refuse('the key is not sent as a bearer token')
  const parsed = RequestSchema.safeParse(body)
  return parsed.success ? { problem: null, body: parsed.data } : refuse(z.prettifyError(parsed.error))
}

function answer(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'answer':
      return send(response, 200, reply.completion)
    case 'error':
      return send(
        response,
        reply.status,
        reply.body ?? { error: { message: 'failed', type: 'server_error', code: null, param: null } },
        reply.headers,
      )
    case 'text':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(reply.body)
      return
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"id":"chatcmpl-1","cho')
      setTimeout(() => response.destroy(), 20)
      return
    case 'silent':
      if (reply.headers === true) {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{')
      }
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
