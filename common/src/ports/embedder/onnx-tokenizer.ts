import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { DoctownError } from '../../contracts/errors.js'

export interface TextTokenizer {
  /** All tokens, special ones included, however long the text. */
  count(text: string): number
  /**
   * At most `maxTokens` ids: the end of a long text is cut, the special tokens stay. At least one: where the tokenizer has no special tokens an
   * empty text is the token 0, because a model cannot run on nothing.
   */
  encode(text: string, maxTokens: number): number[]
}

/**
 * The model's own tokenizer. Truncation and padding that tokenizer.json carries are left out: published files keep those of
 * a training run (128, padded to 128), and the window is the model's to tell. Throws `model_invalid`.
 */
export function loadTokenizer(tokenizerFile: string, configFile: string | null): TextTokenizer {
  let tokenizer: Tokenizer
  let suffix: number
  try {
    const description = { ...(JSON.parse(readFileSync(tokenizerFile, 'utf8')) as object), truncation: null, padding: null }
    tokenizer = new Tokenizer(description, configFile === null ? {} : (JSON.parse(readFileSync(configFile, 'utf8')) as object))
    suffix = countAfterText(tokenizer)
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
    count: (text) => ids(text).length,
    encode(text, maxTokens) {
      const all = ids(text)
      if (all.length === 0) return [0]
      return all.length <= maxTokens ? all : [...all.slice(0, maxTokens - suffix), ...all.slice(all.length - suffix)]
    },
  }
}

/** How many special tokens the tokenizer puts after a text, such as [SEP]. */
function countAfterText(tokenizer: Tokenizer): number {
  const whole: number[] = tokenizer.encode('a').ids
  const bare: number[] = tokenizer.encode('a', { add_special_tokens: false }).ids
  const before = whole.findIndex((_, at) => bare.every((id, i) => whole[at + i] === id))
  return whole.length - bare.length - Math.max(0, before)
}
