import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { EmbeddingModel } from '../../contracts/embedding.js'
import { DoctownError } from '../../contracts/errors.js'

export type Pooling = 'mean' | 'cls' | 'last'

/** What must be known of a sentence-transformers folder before it can run. Plain data: it is sent to the worker thread. */
export interface OnnxModelFolder extends EmbeddingModel {
  readonly onnxFile: string
  readonly tokenizerFile: string
  readonly tokenizerConfigFile: string | null
  readonly pooling: Pooling
  readonly normalize: boolean
  readonly queryPrefix: string
  readonly documentPrefix: string
  /** Name of the token vectors among the model's outputs; `null` = the first one. */
  readonly output: string | null
}

const ModelJsonSchema = z.object({
  name: z.string().min(1),
  revision: z.string().default('unknown'),
  dimensions: z.number().int().positive(),
  max_tokens: z.number().int().min(3),
  pooling: z.enum(['mean', 'cls', 'last']),
  normalize: z.boolean().default(true),
  query_prefix: z.string().default(''),
  document_prefix: z.string().default(''),
  output: z.string().nullish(),
})

const ConfigSchema = z.object({
  _name_or_path: z.string().optional(),
  hidden_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive().optional(),
})
const PoolingSchema = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
  pooling_mode_lasttoken: z.boolean().default(false),
})
const SentenceConfigSchema = z.object({ max_seq_length: z.number().int().min(3).nullish() })
const PromptsSchema = z.object({ prompts: z.record(z.string(), z.string()).default({}) })

/**
 * Reads `model.json`, or else the files that sentence-transformers writes (config.json, 1_Pooling/config.json,
 * sentence_bert_config.json, config_sentence_transformers.json). Throws `model_invalid`, naming the file.
 */
export function readOnnxFolder(folder: string): OnnxModelFolder {
  const file = (...names: readonly string[]): string | null =>
    names.map((name) => join(folder, name)).find((path) => existsSync(path)) ?? null
  const onnxFile = file('model.onnx', 'onnx/model.onnx')
  const tokenizerFile = file('tokenizer.json')
  if (onnxFile === null) throw invalid('it has no model.onnx')
  if (tokenizerFile === null) throw invalid('it has no tokenizer.json')
  const files = { onnxFile, tokenizerFile, tokenizerConfigFile: file('tokenizer_config.json') }

  const own = file('model.json')
  if (own !== null) {
    const facts = read(own, 'model.json', ModelJsonSchema)
    const { name, revision, dimensions, max_tokens, pooling, normalize } = facts
    const prefixes = { queryPrefix: facts.query_prefix, documentPrefix: facts.document_prefix }
    return { ...files, name, revision, dimensions, max_tokens, pooling, normalize, ...prefixes, output: facts.output ?? null }
  }
  return { ...files, ...fromSentenceTransformers(file) }
}

type Facts = Omit<OnnxModelFolder, 'onnxFile' | 'tokenizerFile' | 'tokenizerConfigFile'>

function fromSentenceTransformers(file: (name: string) => string | null): Facts {
  const optional = <T>(name: string, schema: z.ZodType<T>, otherwise: T): T => {
    const path = file(name)
    return path === null ? otherwise : read(path, name, schema)
  }
  const configFile = file('config.json')
  if (configFile === null) throw invalid('it has neither model.json nor config.json')
  const config = read(configFile, 'config.json', ConfigSchema)
  const pooling = optional('1_Pooling/config.json', PoolingSchema, {
    pooling_mode_cls_token: false,
    pooling_mode_mean_tokens: true,
    pooling_mode_lasttoken: false,
  })
  const sentence = optional('sentence_bert_config.json', SentenceConfigSchema, {})
  const { prompts } = optional('config_sentence_transformers.json', PromptsSchema, { prompts: {} })
  return {
    name: config._name_or_path?.split('/').at(-1) || 'sentence-transformer',
    revision: 'unknown',
    dimensions: config.hidden_size,
    max_tokens: sentence.max_seq_length ?? Math.min(config.max_position_embeddings ?? 512, 512),
    pooling: pooling.pooling_mode_cls_token ? 'cls' : pooling.pooling_mode_lasttoken ? 'last' : 'mean',
    normalize: true,
    queryPrefix: prompts['query'] ?? '',
    documentPrefix: prompts['document'] ?? prompts['passage'] ?? '',
    output: null,
  }
}

function read<T>(path: string, name: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw invalid(`${name} cannot be read as it should be`, error)
  }
}

const invalid = (why: string, cause?: unknown): DoctownError =>
  new DoctownError(
    'model_invalid',
    `The folder in MODEL_PATH cannot be used: ${why}. Name a sentence-transformers folder with an ONNX export.`,
    {
      cause,
    },
  )
