/** The choice of models that worker and command line share. Only files of this folder import it. */
import { availableParallelism } from 'node:os'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import type { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import type { BuildConfig } from '../config.js'
import { LANGUAGES, languagesByEnding, manifestNames, packageFactsByLanguage } from '../languages/languages.js'
import type { TrainPorts } from '../pipeline/stage-io.js'
import { builtInModelFolder } from './built-in-model.js'

/** Parser processes: each core up to four, because one parser keeps up with the embedding of two. */
export const parseProcesses = (config: Pick<BuildConfig, 'PARSE_PROCESSES'>): number =>
  config.PARSE_PROCESSES ?? Math.min(4, availableParallelism())

/** A training step's matrices are small: half of the cores, at most four, is as quick as all of them and leaves the others to the machine. */
export const trainPorts = ({ ONNX_USE_GPU: gpu }: Pick<BuildConfig, 'ONNX_USE_GPU'>): TrainPorts => ({
  providers: gpu === 'false' ? ['cpu'] : ['cuda', 'webgpu', 'cpu'],
  threads: Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))),
})

/** The built-in model, and MODEL_PATH's beside it when one is named. Throws `model_invalid` or `gpu_unavailable`. */
export async function createEmbedders(
  config: Pick<BuildConfig, 'MODEL_PATH' | 'ONNX_USE_GPU' | 'SKIP_EMBEDDING'>,
  lifecycle: Lifecycle,
  log: StructuredLog,
): Promise<{ readonly small: Embedder; readonly text: Embedder | null } | null> {
  if (config.ONNX_USE_GPU === 'true' && (config.MODEL_PATH === undefined || config.SKIP_EMBEDDING)) {
    throw new DoctownError(
      'gpu_unavailable',
      'ONNX_USE_GPU=true, but nothing here would use a GPU; set MODEL_PATH to a model, or ONNX_USE_GPU=auto.',
    )
  }
  if (config.SKIP_EMBEDDING) return null
  // cuBLAS would round numbers to 19 bits by default: a gradient would not be the CPU's, and training would refuse the card.
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  const small = lifecycle.register('built-in model', await createStaticTableEmbedder({ folder: builtInModelFolder() }), (model) =>
    model.close(),
  )
  if (config.MODEL_PATH === undefined) return { small, text: null }
  const text = lifecycle.register(
    'embedding model',
    await createOnnxEmbedder({ folder: config.MODEL_PATH, gpu: config.ONNX_USE_GPU, log }),
    (model) => model.close(),
  )
  log.info('embedding model ready', { model: text.model.name, executionProvider: text.executionProvider })
  return { small, text }
}

/** What a build is told of the languages: their files, the manifests of their packages, the grammars that read them. */
export const languageTable = {
  languages: languagesByEnding(),
  manifests: manifestNames(),
  packageFacts: packageFactsByLanguage,
  grammars: Object.fromEntries(LANGUAGES.map((language) => [language.grammar.name, language.grammar.version])),
} as const
