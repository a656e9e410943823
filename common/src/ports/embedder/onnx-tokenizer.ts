import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { DoctownError } from '../../contracts/errors.js'

export interface TextTokenizer {
  /**
   * All tokens, special ones included. Of a text much too long for `window` only the beginning is looked at, the rest by its rate, and the
   * answer is more than the window: a megabyte takes a second, and the caller's event loop waits.
   */
  count(text: string, window: number): number
  /**
   * At most `maxTokens` ids: the end of a long text is cut, the special tokens stay. At least one: where the tokenizer has no special tokens an
   * empty text is the token 0, because a model cannot run on nothing.
   */
  encode(text: string, maxTokens: number): number[]
  /** Of the vocabulary; `null` where the file does not list one. */
  readonly largestId: number | null
}

/** UTF-16 units a token of the window: of a longer text the rest cannot be seen. Code has three to four a token. */
const UNITS_A_TOKEN = 100

/**
 * The model's own tokenizer. Truncation and padding that tokenizer.json carries are left out: published files keep those of
 * a training run (128, padded to 128), and the window is the model's to tell. Throws `model_invalid`.
 */
export function loadTokenizer(tokenizerFile: string, configFile: string | null): TextTokenizer {
  let tokenizer: Tokenizer
  let suffix: number
  let largestId: number | null
  try {
    const description = { ...(JSON.parse(readFileSync(tokenizerFile, 'utf8')) as object), truncation: null, padding: null }
    tokenizer = new Tokenizer(description, configFile === null ? {} : (JSON.parse(readFileSync(configFile, 'utf8')) as object))
    suffix = countAfterText(tokenizer)
    largestId = largestIdOf(description)
  } catch (error) {
    throw new DoctownError(
      'model_invalid',
      'The tokenizer.json in MODEL_PATH cannot be used; name a folder with a tokenizer of a known kind.',
      {
        cause: error,
      },
    )
  }
  const ids = (text: string): number[] => tokenizer.encode(text).ids
  return {
    largestId,
    count(text, window) {
      const units = window * UNITS_A_TOKEN
      if (text.length <= units) return ids(text).length
      return Math.max(window + 1, Math.round((ids(text.slice(0, units)).length * text.length) / units))
    },
    encode(text, maxTokens) {
      const units = maxTokens * UNITS_A_TOKEN
      const head = text.length <= units ? null : ids(text.slice(0, units))
      // Twice the window: where the head was cut makes no difference that far before.
      const all = head !== null && head.length >= 2 * maxTokens ? head : ids(text)
      if (all.length === 0) return [0]
      return all.length <= maxTokens ? all : [...all.slice(0, maxTokens - suffix), ...all.slice(all.length - suffix)]
    },
  }
}

/** tokenizer.json keeps its vocabulary as ids by token, or as a list of tokens with their scores. */
function largestIdOf(description: object): number | null {
  // `as`: anything may stand there; what does is looked at below.
  const vocabulary = (description as { readonly model?: { readonly vocab?: unknown } | null }).model?.vocab
  if (Array.isArray(vocabulary)) return vocabulary.length - 1
  if (typeof vocabulary !== 'object' || vocabulary === null) return null
  let largest = -1
  for (const id of Object.values(vocabulary)) if (typeof id === 'number' && id > largest) largest = id
  return largest < 0 ? null : largest
}

/** How many special tokens the tokenizer puts after a text, such as [SEP]. */
function countAfterText(tokenizer: Tokenizer): number {
  const whole: number[] = tokenizer.encode('a').ids
  const bare: number[] = tokenizer.encode('a', { add_special_tokens: false }).ids
  const before = whole.findIndex((_, at) => bare.every((id, i) => whole[at + i] === id))
  return whole.length - bare.length - Math.max(0, before)
}
