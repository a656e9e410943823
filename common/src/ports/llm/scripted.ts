import { DoctownError } from '../../contracts/errors.js'
import type { Completion, CompletionRequest, LanguageModel } from './port.js'

/** What the model says: a value, an error to throw, or a function of the request that gives either. */
export type ScriptLine = unknown | Error | ((request: CompletionRequest) => unknown)

export interface ScriptedOptions {
  readonly name?: string
  /** Answers in the order of the calls; the function form answers every call. */
  readonly script: readonly ScriptLine[] | ((request: CompletionRequest) => unknown)
}

/** A model that says what it was told to say, for tests and demonstrations. Throws `llm_unavailable` when the script has ended. */
export function createScriptedLanguageModel(options: ScriptedOptions): LanguageModel {
  const { script } = options
  let calls = 0
  return {
    name: options.name ?? 'scripted',
    // Async, so that what a script throws is a rejection like any other model's.
    complete: async (request): Promise<Completion> => {
      request.signal?.throwIfAborted()
      const line: unknown = typeof script === 'function' ? script : script[calls++]
      if (typeof script !== 'function' && calls > script.length) {
        throw new DoctownError('llm_unavailable', 'The script of this test model has ended; give it more answers.')
      }
      // A function among the lines can only be of ScriptLine's kind.
      const value = typeof line === 'function' ? await (line as (request: CompletionRequest) => unknown)(request) : line
      if (value instanceof Error) throw value
      return { value, inputTokens: roughTokens(request.system + request.user), outputTokens: roughTokens(JSON.stringify(value ?? null)) }
    },
    close: () => Promise.resolve(),
  }
}

/** Four characters a token, as English text and code come to roughly. */
const roughTokens = (text: string): number => Math.ceil(text.length / 4)
