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
import { createIndexCache } from '../cli/search/index-cache.js'
import { openFolderIndex, type FolderIndexOptions } from '../cli/search/open-folder.js'
import type { OpenedIndex } from '../cli/search/opened-index.js'
import { searchCommand } from '../cli/search/search.js'
import { BuildConfigSchema } from '../config.js'
import { localStages } from '../pipeline/local-stages.js'
import { itemsOfFiles, readFolderFiles, type FolderFiles, type FolderItems } from '../pipeline/search-folder.js'
import { builtInModelFolder } from './built-in-model.js'
import { cacheFolder } from './cache-folder.js'
import { createEmbedders, languageTable, parseProcesses } from './models.js'
import { programDigest } from './program-digest.js'

export async function runSearchCommand(flags: SearchFlags, console: Console, signal: AbortSignal): Promise<number> {
  const config = loadConfig(BuildConfigSchema, process.env)
  const log = createLog({ level: config.LOG_LEVEL, process: 'doctown', destination: 2, stacks: true })
  const lifecycle = new Lifecycle(log)
  const openFolder = async (root: string, cache: FolderIndexOptions['cache']): Promise<OpenedIndex> => {
    const tempDir = await mkdtemp(join(tmpdir(), 'doctown-search-'))
    const progress = new BuildProgress(console, () => performance.now())
    try {
      const files = readFolderFiles(root, languageTable)
      // Words alone need no model, but a folder is always searched by meaning too, whatever SKIP_EMBEDDING says of builds.
      const models = await createEmbedders({ ...config, SKIP_EMBEDDING: false }, lifecycle, log)
      const readItems = (some: FolderFiles): Promise<FolderItems> =>
        itemsOfFiles(some, {
          stages: localStages,
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
      // Only SKIP_EMBEDDING gives none.
      return await openFolderIndex({
        root,
        files,
        readItems,
        models: models!,
        cache,
        signal,
        onEmbedded: (done, total) => progress.update('embed', done, total),
      })
    } finally {
      await rm(tempDir, { recursive: true, force: true })
    }
  }
  const open = async (target: string): Promise<OpenedIndex> => {
    const path = resolve(target)
    if (!existsSync(path)) throw new DoctownError('folder_not_found', `There is no docpack and no folder ${target}; check the path.`)
    if (statSync(path).isDirectory()) return openFolder(path, flags.cache ? folderCache() : null)
    const small = await createStaticTableEmbedder({ folder: builtInModelFolder() })
    return openDocpackIndex(
      path,
      lifecycle.register('built-in model', small, (model) => model.close()),
    )
  }
  try {
    const options = { limit: flags.limit, mode: flags.mode, prior: flags.prior }
    if (flags.bulk === null) await searchCommand(() => open(flags.target), flags.query, options, console)
    // In bulk nothing is cached: its figures are of a folder that is read.
    else await bulkSearch(() => openFolder(resolve(flags.target), null), flags.bulk, options, { console, signal })
    return 0
  } finally {
    await lifecycle.close()
  }
}

/** Without a place to keep it, or a program that can be told from another, nothing is cached. */
function folderCache(): FolderIndexOptions['cache'] {
  const folder = cacheFolder(process.env, process.platform)
  const program = folder === null ? null : programDigest()
  return folder === null || program === null ? null : { entries: createIndexCache(join(folder, 'search')), program }
}
