/** A language model that answers in JSON. */
export interface CompletionRequest {
  readonly system: string
  readonly user: string
  /** JSON schema of the answer, with a name for it. */
  readonly schema: { readonly name: string; readonly definition: Readonly<Record<string, unknown>> }
  readonly maxOutputTokens: number
  readonly signal?: AbortSignal
}

export interface Completion {
  /** Parsed JSON; the caller checks it against its own schema. */
  readonly value: unknown
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface LanguageModel {
  /** `none` when there is no model: then `complete` throws `llm_refused`. */
  readonly name: string
  /** Retries what is worth it (429 with Retry-After, 5xx, time-outs); throws `llm_unavailable`, `llm_refused` or `llm_quota`. */
  complete(request: CompletionRequest): Promise<Completion>
  close(): Promise<void>
}
