import OpenAI from 'openai'
import { DoctownError } from '../../contracts/errors.js'
import type { Secret } from '../../contracts/secret.js'
import { TryFailure } from './failure.js'
import { openaiFailure } from './openai-failure.js'
import type { Completion, CompletionRequest, LanguageModel } from './port.js'
import { withRetries } from './retry.js'

export interface OpenAIOptions {
  readonly apiKey: Secret
  /** As the service names it, `gpt-5-nano`. */
  readonly model: string
  /** Another service with the same interface, up to and with `/v1`. */
  readonly baseUrl?: string
  /** Longest time of one try, default 60,000. */
  readonly attemptMs?: number
  /** First pause between tries, default 500. */
  readonly backoffMs?: number
  /** How long a key or quota that was refused is not asked again, default 60,000. */
  readonly circuitMs?: number
  /** In [0, 1), for jitter; default Math.random, because no output depends on it. */
  readonly random?: () => number
}

/**
 * OpenAI's chat completions with a JSON schema, by the official SDK. Retries are ours alone (`retry.ts`).
 * After `llm_quota`, or a key that is not accepted, further calls fail at once with the same error: a hundred waiting
 * symbols must not knock a hundred times.
 */
export function createOpenAILanguageModel(options: OpenAIOptions): LanguageModel {
  const { model, attemptMs = 60_000, circuitMs = 60_000, random = Math.random } = options
  const closing = new AbortController()
  const client = new OpenAI({
    apiKey: options.apiKey.reveal(),
    baseURL: options.baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    // Given, so that the SDK does not look into the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    // A redirect could carry the prompt elsewhere.
    fetchOptions: { redirect: 'error' },
  })
  let circuit: { readonly error: DoctownError; readonly until: number } | null = null

  async function complete(request: CompletionRequest): Promise<Completion> {
    const signal = AbortSignal.any([closing.signal, ...(request.signal === undefined ? [] : [request.signal])])
    let spent = { inputTokens: 0, outputTokens: 0 }
    signal.throwIfAborted()
    if (circuit !== null && performance.now() < circuit.until) throw circuit.error
    try {
      return await withRetries({ signal, backoffMs: options.backoffMs, random }, async (leftMs) => {
        try {
          const answer = await ask(request, { signal, timeoutMs: Math.min(attemptMs, leftMs) })
          return { ...answer, inputTokens: spent.inputTokens + answer.inputTokens, outputTokens: spent.outputTokens + answer.outputTokens }
        } catch (error) {
          const failure = openaiFailure(error)
          // A refusal costs tokens too; the caller's budget must hear of them.
          spent = {
            inputTokens: spent.inputTokens + failure.usage.inputTokens,
            outputTokens: spent.outputTokens + failure.usage.outputTokens,
          }
          throw failure
        }
      })
    } catch (error) {
      if (error instanceof DoctownError && error.cause instanceof TryFailure && error.cause.lasts)
        circuit = { error, until: performance.now() + circuitMs }
      throw error
    }
  }

  async function ask(
    request: CompletionRequest,
    limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<Completion> {
    // The SDK's own timer ends with the headers; this one covers the body too.
    const timer = AbortSignal.timeout(Math.max(1, Math.ceil(limits.timeoutMs)))
    try {
      const answer = await client.chat.completions.create(
        {
          model,
          messages: [
            { role: 'system', content: request.system },
            { role: 'user', content: request.user },
          ],
          max_completion_tokens: request.maxOutputTokens,
          response_format: {
            type: 'json_schema',
            json_schema: { name: request.schema.name, schema: { ...request.schema.definition }, strict: true },
          },
        },
        { signal: AbortSignal.any([limits.signal, timer]), timeout: limits.timeoutMs + 1000 },
      )
      return readAnswer(answer)
    } catch (error) {
      if (timer.aborted && !limits.signal.aborted) throw new TryFailure('broken', 'did not answer in time; try again later.')
      throw error
    }
  }

  return {
    name: model,
    complete,
    close: () => {
      closing.abort(new DoctownError('llm_unavailable', 'The language model was closed.'))
      return Promise.resolve()
    },
  }
}

/** The JSON in an answer; what is empty, cut, refused or no JSON is a failure that may pass. The answer is a stranger's: nothing of it is taken on trust. */
function readAnswer(answer: OpenAI.ChatCompletion): Completion {
  const usage = { inputTokens: count(answer.usage?.prompt_tokens), outputTokens: count(answer.usage?.completion_tokens) }
  const fail = (reason: string): TryFailure => new TryFailure('broken', reason, { usage })
  // A server with the same interface may leave out what the SDK's types promise.
  const choice = (answer.choices as OpenAI.ChatCompletion.Choice[] | undefined)?.[0]
  if (choice?.message == null) throw fail('gave an empty answer; try again later.')
  if (choice.message.refusal != null && choice.message.refusal !== '') throw fail('declined to answer.')
  if (choice.finish_reason === 'length') throw fail('ran out of room before its answer was whole; allow more output tokens.')
  if (choice.finish_reason === 'content_filter') throw fail('declined to answer.')
  const text = choice.message.content
  if (typeof text !== 'string' || text.trim() === '') throw fail('gave an empty answer; try again later.')
  try {
    return { value: JSON.parse(text) as unknown, ...usage }
  } catch {
    throw fail('gave an answer that is not JSON; try again later.')
  }
}

const count = (tokens: unknown): number => (typeof tokens === 'number' && Number.isInteger(tokens) && tokens >= 0 ? tokens : 0)
