import { DoctownError } from '../../contracts/errors.js'
import type { LanguageModel } from './port.js'

/** No language model: documentation is then drawn from the source alone. Holds nothing and needs no network. */
export function createNoLanguageModel(): LanguageModel {
  return {
    name: 'none',
    complete: (request) => {
      if (request.signal?.aborted === true) return Promise.reject(request.signal.reason as Error)
      return Promise.reject(new DoctownError('llm_refused', 'No language model is set up; set OPENAI_API_KEY to have one write.'))
    },
    close: () => Promise.resolve(),
  }
}
