import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { CompletionRequest, LanguageModel } from '@doctown/common/ports/llm/port.js'
import assert from 'node:assert/strict'

export interface LanguageModelSetup {
  /** A model whose next answers are these values, in this order. */
  readonly answering: (values: readonly unknown[]) => Promise<LanguageModel>
  /** A model that never gives an answer, whatever the reason. */
  readonly failing: () => Promise<LanguageModel>
  /** False for the adapter that stands for having no model. */
  readonly writes: boolean
}

export const request = (facts: Partial<CompletionRequest> = {}): CompletionRequest => ({
  system: 'You write documentation.',
  user: 'fn main() {}',
  schema: {
    name: 'document',
    definition: { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'], additionalProperties: false },
  },
  maxOutputTokens: 200,
  ...facts,
})

const CODES = ['llm_unavailable', 'llm_refused', 'llm_quota']

/** What port.ts promises, for every adapter. */
export function languageModelConformance(setup: LanguageModelSetup): void {
  it('has a name', async () => {
    const model = await setup.answering([])
    assert.ok(model.name.length > 0)
    assert.equal(model.name === 'none', !setup.writes)
    await model.close()
  })

  it(setup.writes ? 'gives the parsed JSON of an answer and whole token counts' : 'refuses to answer with llm_refused', async () => {
    const model = await setup.answering([{ summary: 'Starts – "here".', list: [1, null] }])
    if (setup.writes) {
      const answer = await model.complete(request())
      assert.deepEqual(answer.value, { summary: 'Starts – "here".', list: [1, null] })
      for (const tokens of [answer.inputTokens, answer.outputTokens]) assert.ok(Number.isInteger(tokens) && tokens > 0)
    } else {
      await assert.rejects(model.complete(request()), { code: 'llm_refused' })
    }
    await model.close()
  })

  it('answers each of several calls at once, or refuses each', async () => {
    const values = Array.from({ length: 8 }, (_, at) => ({ at }))
    const model = await setup.answering(values)
    const settled = await Promise.allSettled(values.map(() => model.complete(request())))
    const given = settled.flatMap((each) => (each.status === 'fulfilled' ? [(each.value.value as { at: number }).at] : []))
    assert.deepEqual(given.sort(), setup.writes ? [0, 1, 2, 3, 4, 5, 6, 7] : [])
    await model.close()
  })

  it('rejects with the reason of a signal that is aborted already', async () => {
    const model = await setup.answering([{}])
    await assert.rejects(model.complete(request({ signal: AbortSignal.abort(new Error('stop now')) })), /stop now/)
    await model.close()
  })

  it('throws one of the three codes of the port when there is no answer, never another', async () => {
    const model = await setup.failing()
    await assert.rejects(model.complete(request()), (error) => error instanceof DoctownError && CODES.includes(error.code))
    await model.close()
  })

  it('may be closed twice', async () => {
    const model = await setup.answering([])
    await model.close()
    await model.close()
  })
}
