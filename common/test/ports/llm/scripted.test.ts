import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createScriptedLanguageModel } from '@doctown/common/ports/llm/scripted.js'
import assert from 'node:assert/strict'
import { languageModelConformance, request } from './conformance.js'

describe('the scripted language model', () => {
  languageModelConformance({
    answering: (values) => Promise.resolve(createScriptedLanguageModel({ script: values })),
    failing: () => Promise.resolve(createScriptedLanguageModel({ script: [] })),
    writes: true,
  })

  it('answers by the request when the script is a function, and throws what the script throws', async () => {
    const model = createScriptedLanguageModel({ name: 'echo', script: ({ user }) => ({ user }) })
    assert.deepEqual((await model.complete(request({ user: 'hello' }))).value, { user: 'hello' })
    const broken = createScriptedLanguageModel({ script: [new DoctownError('llm_quota', 'Nothing left.'), { summary: 'Back.' }] })
    await assert.rejects(broken.complete(request()), { code: 'llm_quota' })
    assert.deepEqual((await broken.complete(request())).value, { summary: 'Back.' })
  })
})
