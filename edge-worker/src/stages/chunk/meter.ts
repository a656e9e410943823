import type { ChunkPorts } from '../../pipeline/stage-io.js'

/** How much of the models' windows a text takes. */
export interface Meter {
  /** No model in use would have to cut `text`. */
  fits(text: string): boolean
  /** Tokens of `text` by the model that counts most, at least 1. */
  tokens(text: string): number
  /** A meter of what is left of the windows beside `prefix`. */
  beside(prefix: string): RestMeter
}

export interface RestMeter {
  /** The share that `text` takes of what `prefix` leaves, at most 1 where it fits; shares of parts add up to a little more than that of the whole. */
  share(text: string): number
}

/** Without a model in use: what stands for a window, in UTF-16 units, and for a token. */
const WINDOW_UNITS = 2000
const UNITS_A_TOKEN = 4

type Model = ChunkPorts['embedders'][number]

export function createMeter(models: readonly Model[]): Meter {
  if (models.length === 0) {
    return {
      fits: (text) => text.length <= WINDOW_UNITS,
      tokens: (text) => Math.max(1, Math.ceil(text.length / UNITS_A_TOKEN)),
      beside: (prefix) => ({ share: (text) => text.length / Math.max(1, WINDOW_UNITS - prefix.length) }),
    }
  }
  // Most symbols are one chunk, whose text is measured for the window and then for its size: one look is enough.
  let lastText: string | null = null
  let lastCounts: readonly number[] = []
  const counts = (text: string): readonly number[] => {
    if (text !== lastText) {
      lastCounts = models.map((model) => model.countTokens(text))
      lastText = text
    }
    return lastCounts
  }
  return {
    fits: (text) => counts(text).every((count, at) => count <= (models[at]?.model.max_tokens ?? 0)),
    tokens: (text) => Math.max(1, ...counts(text)),
    beside(prefix) {
      const rests = models.map((model) => {
        const empty = model.countTokens('')
        return { model, empty, room: Math.max(1, model.model.max_tokens - Math.max(model.countTokens(prefix), empty)) }
      })
      return { share: (text) => Math.max(...rests.map(({ model, empty, room }) => (model.countTokens(text) - empty) / room)) }
    },
  }
}
