/** `doctown models`: what is known, fetched and sound. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ModelListSchema } from '@doctown/common/contracts/model-list.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { Console } from '../cli/console.js'
import { checkModels, listModels, pullModel, type ModelsContext } from '../cli/models.js'
import type { ModelsFlags } from '../cli/program.js'
import { openDataFolder } from '../worker/data-folder.js'
import { builtInModelFolder } from './built-in-model.js'

export async function runModelsCommand({ action, name, data }: ModelsFlags, console: Console, signal: AbortSignal): Promise<number> {
  const { models } = ModelListSchema.parse(JSON.parse(readFileSync(join(repositoryRoot(), 'models.json'), 'utf8')))
  // `as`: written by our own training script, and pinned by its test.
  const small = JSON.parse(readFileSync(join(builtInModelFolder(), 'model.json'), 'utf8')) as {
    name: string
    dimensions: number
    table_sha256: string
  }
  const { path } = await openDataFolder(data ?? process.env['DOCTOWN_DATA'] ?? '.doctown')
  const context: ModelsContext = {
    known: models,
    folder: join(resolve(path), 'models'),
    modelsUrl: process.env['MODELS_URL'] ?? null,
    builtIn: { ...small, folder: builtInModelFolder(), file: 'table.bin', sha256: small.table_sha256 },
    tryModel: async (folder) => {
      const embedder = await createOnnxEmbedder({ folder, gpu: 'false', threads: 1 })
      try {
        await embedder.embedQueries(['read a directory recursively'])
        return embedder.model
      } finally {
        await embedder.close()
      }
    },
    signal,
  }
  if (action === 'pull') return pullModel(name ?? '', context, console)
  return action === 'list' ? listModels(context, console) : checkModels(name === null ? null : resolve(name), context, console)
}
