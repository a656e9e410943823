import { createNoLanguageModel } from '@doctown/common/ports/llm/none.js'
import { languageModelConformance } from './conformance.js'

describe('having no language model', () => {
  const model = () => Promise.resolve(createNoLanguageModel())
  languageModelConformance({ answering: model, failing: model, writes: false })
})
