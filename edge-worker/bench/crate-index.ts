import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { ItemGraph, ItemVectors } from '@doctown/common/search/item.js'
import { languageTable } from '../src/bin/models.js'
import { localStages } from '../src/pipeline/local-stages.js'
import { readFolderItems, type FolderItems } from '../src/pipeline/search-folder.js'
import type { StageContext } from '../src/pipeline/stage.js'

/** A folder as search reads it, with all that an index may be made of. */
export interface OpenedCrate {
  readonly read: FolderItems
  readonly parsed: readonly ParsedFile[]
  readonly vectors: ItemVectors
  embed(query: string): Promise<Float32Array>
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {} }

/** Reads a folder the way `doctown search` does. */
export async function openCrate(root: string, model: Embedder): Promise<OpenedCrate> {
  const tempDir = mkdtempSync(join(tmpdir(), 'doctown-bench-'))
  try {
    const parsed: ParsedFile[] = []
    const read = await readFolderItems(root, {
      onParsed: (file) => parsed.push(file),
      stages: localStages,
      languages: languageTable.languages,
      manifests: languageTable.manifests,
      packageFacts: languageTable.packageFacts,
      parallel: 2,
      steps: {
        log: quiet,
        signal: new AbortController().signal,
        seed: 1,
        tempDir,
        monotonicMs: () => performance.now(),
        onProgress: () => {},
        onStageEnd: () => {},
        pauseAt: null,
      },
    })
    const values = await model.embedDocuments(read.items.map(({ fields }) => ({ text: '', fields })))
    const itemOfRow = Int32Array.from(read.items, (_, i) => i)
    return {
      read,
      parsed,
      vectors: { dimensions: model.model.dimensions, values, itemOfRow },
      embed: (query) => model.embedQueries([query]),
    }
  } finally {
    rmSync(tempDir, { recursive: true, force: true })
  }
}

export const builtInModel = (folder?: string): Promise<Embedder> =>
  createStaticTableEmbedder({ folder: folder ?? join(repositoryRoot(), 'common/models/small') })

const context = <Ports>(ports: Ports): StageContext<Ports> => ({
  ports,
  log: quiet,
  signal: new AbortController().signal,
  progress: () => {},
  seed: 1,
  tempDir: tmpdir(),
})

/** What the graph stage and, with `steps`, the train stage find in the files, by items. `steps` 0 is T0. */
export async function graphOfItems(
  { read: { items }, parsed, vectors }: OpenedCrate,
  train: { readonly steps: number } | null,
): Promise<ItemGraph> {
  const { graph } = await localStages.graph.run({ files: parsed }, context({}))
  const at = new Map(items.map(({ item }, i) => [item.symbol_id, i]))
  const container = new Int32Array(items.length).fill(-1)
  const calls: number[] = []
  for (const { source, target, kind } of graph.edges) {
    const [from, to] = [at.get(source), at.get(target)]
    if (from === undefined || to === undefined) continue
    if (kind === 'contains') container[to] = from
    if (kind === 'calls') calls.push(from, to)
  }
  const pagerank = new Float32Array(items.length)
  const rows: number[] = []
  for (const { id, pagerank: value } of graph.nodes) {
    const item = at.get(id)
    rows.push(item ?? -1)
    if (item !== undefined) pagerank[item] = value
  }
  let structure: ItemGraph['structure'] = null
  if (train !== null) {
    const { dimensions } = vectors
    const textVectors = new Map(
      graph.nodes.flatMap(({ id }, row) =>
        rows[row] === -1 ? [] : [[id, vectors.values.subarray(rows[row]! * dimensions, (rows[row]! + 1) * dimensions)] as const],
      ),
    )
    const made = await localStages.train.run(
      { graph, textVectors, steps: train.steps },
      context({ providers: ['cpu'] as const, threads: 1 }),
    )
    const values = new Float32Array(items.length * made.structure.dimensions)
    for (const [row, item] of rows.entries()) {
      if (item === -1) continue
      const from = made.structure.values.subarray(row * made.structure.dimensions, (row + 1) * made.structure.dimensions)
      const norm = Math.hypot(...from) || 1
      from.forEach((value, i) => (values[item * made.structure.dimensions + i] = value / norm))
    }
    structure = { dimensions: made.structure.dimensions, values }
  }
  return { container, calls: Int32Array.from(calls), pagerank, structure }
}
