/** `doctown search`: opens a docpack or reads a folder, makes the built-in model, and searches. */
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { createLog } from '@doctown/common/runtime/log.js'
import type { Console } from '../cli/console.js'
import type { SearchFlags } from '../cli/program.js'
import { BuildProgress } from '../cli/progress.js'
import { bulkSearch } from '../cli/search/bulk.js'
import { openDocpackIndex } from '../cli/search/docpack-index.js'
import { indexItems, type OpenedIndex } from '../cli/search/opened-index.js'
import { searchCommand } from '../cli/search/search.js'
import { BuildConfigSchema } from '../config.js'
import { localStages } from '../pipeline/local-stages.js'
import { readFolderItems } from '../pipeline/search-folder.js'
import { builtInModelFolder } from './built-in-model.js'
import { createEmbedders, languageTable, parseProcesses } from './models.js'

export async function runSearchCommand(flags: SearchFlags, console: Console, signal: AbortSignal): Promise<number> {
  const config = loadConfig(BuildConfigSchema, process.env)
  const log = createLog({ level: config.LOG_LEVEL, process: 'doctown', destination: 2, stacks: true })
  const lifecycle = new Lifecycle(log)
  const openFolder = async (root: string): Promise<OpenedIndex> => {
    const tempDir = await mkdtemp(join(tmpdir(), 'doctown-search-'))
    const progress = new BuildProgress(console, () => performance.now())
    try {
      // Words alone need no model, but a folder is always searched by meaning too, whatever SKIP_EMBEDDING says of builds.
      const models = await createEmbedders({ ...config, SKIP_EMBEDDING: false }, lifecycle, log)
      const { items } = await readFolderItems(root, {
        stages: localStages,
        languages: languageTable.languages,
        manifests: languageTable.manifests,
        packageFacts: languageTable.packageFacts,
        parallel: parseProcesses(config),
        steps: {
          log,
          signal,
          seed: config.DOCTOWN_SEED,
          tempDir,
          monotonicMs: () => performance.now(),
          onProgress: (stage, done, total) => progress.update(stage, done, total),
          onStageEnd: () => {},
          pauseAt: null,
        },
      })
      if (items.length === 0) throw new DoctownError('no_supported_files', `${root} has no file that Doctown reads; name another folder.`)
      // Only SKIP_EMBEDDING gives none.
      return await indexItems(items, models!, signal)
    } finally {
      await rm(tempDir, { recursive: true, force: true })
    }
  }
  const open = async (target: string): Promise<OpenedIndex> => {
    const path = resolve(target)
    if (!existsSync(path)) throw new DoctownError('folder_not_found', `There is no docpack and no folder ${target}; check the path.`)
    if (statSync(path).isDirectory()) return openFolder(path)
    const small = await createStaticTableEmbedder({ folder: builtInModelFolder() })
    return openDocpackIndex(
      path,
      lifecycle.register('built-in model', small, (model) => model.close()),
    )
  }
  try {
    const options = { limit: flags.limit, mode: flags.mode, prior: flags.prior }
    if (flags.bulk === null) await searchCommand(() => open(flags.target), flags.query, options, console)
    else await bulkSearch(() => openFolder(resolve(flags.target)), flags.bulk, options, { console, signal })
    return 0
  } finally {
    await lifecycle.close()
  }
}
