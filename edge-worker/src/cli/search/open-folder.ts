import { createHash } from 'node:crypto'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createSearchIndex } from '@doctown/common/search/search-index.js'
import type { FolderFiles, FolderItems } from '../../pipeline/search-folder.js'
import type { CachedFolder, IndexCache } from './index-cache.js'
import { embedItems, openIndex, type IndexModels, type OpenedIndex } from './opened-index.js'

export interface FolderIndexOptions {
  /** For messages. */
  readonly root: string
  readonly files: FolderFiles
  readonly readItems: (files: FolderFiles) => Promise<FolderItems>
  readonly models: IndexModels
  /** `null` reads everything anew. `program` tells one make of this program from another: what one has cached no other takes. */
  readonly cache: { readonly entries: IndexCache; readonly program: string } | null
  readonly signal: AbortSignal
  /** Told how many items a second model has embedded; without one never. */
  readonly onEmbedded: (done: number, total: number) => void
}

/**
 * The index over a folder's files. The same files, read by the same program for the same model, are taken from the cache: not parsed and not embedded again.
 * Throws `no_supported_files`.
 */
export async function openFolderIndex(options: FolderIndexOptions): Promise<OpenedIndex> {
  const { items, vectors } = await folderOf(options)
  if (items.length === 0)
    throw new DoctownError('no_supported_files', `${options.root} has no file that Doctown reads; name another folder.`)
  return openIndex(createSearchIndex(items, vectors), options.models, [])
}

async function folderOf({ files, readItems, models, cache, signal, onEmbedded }: FolderIndexOptions): Promise<CachedFolder> {
  // A second model's revision is what its folder says of itself, if anything: no key to keep vectors by.
  const key = cache === null || models.text !== null ? null : keyOf(files, `${cache.program}\n${modelKey(models)}`)
  const cached = key === null ? undefined : await cache?.entries.get(key)
  if (cached !== undefined) return cached
  const read = await readItems(files)
  const folder = { items: read.items.map(({ item }) => item), vectors: await embedItems(read.items, models, signal, onEmbedded) }
  if (key !== null && read.skipped === 0 && read.items.length > 0) await cache?.entries.put(key, folder)
  return folder
}

const modelKey = ({ small: { model } }: IndexModels): string => `${model.name} ${model.revision} ${model.dimensions}`

function keyOf({ sources, manifests, texts }: FolderFiles, maker: string): string {
  const hash = createHash('sha256').update(`${maker}\0`)
  for (const [kind, files] of Object.entries({ sources, manifests, texts }))
    for (const { path, language, text } of files) hash.update(`${kind}\0${path}\0${language}\0${text.length}\0`).update(text)
  return hash.digest('hex')
}
