import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { makeFolder } from '@doctown/common/runtime/make-folder.js'

/** What the worker keeps on this machine, each thing in its own folder. */
export interface DataFolder {
  readonly path: string
  /** One folder a worker, and in it one a running attempt. */
  readonly temp: string
  readonly objects: string
  readonly vectors: string
}

/** Makes the folder and its parts. Throws `data_folder_unwritable` with a sentence that names it. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const root = resolve(path)
  const folder = { path: root, temp: join(root, 'tmp'), objects: join(root, 'objects'), vectors: join(root, 'vectors') }
  try {
    await makeFolder(root, 0o700)
    for (const part of [folder.temp, folder.objects, folder.vectors]) await makeFolder(part)
    return folder
  } catch (cause) {
    throw new DoctownError(
      'data_folder_unwritable',
      `The data folder ${path} cannot be written; choose another with --data or DOCTOWN_DATA, or change its owner.`,
      { cause },
    )
  }
}

/** This worker's own temp folder, rid of what its dead attempts left. To be called before its first job. */
export async function openTempFolder(folder: DataFolder, worker: string): Promise<{ readonly path: string; readonly leftovers: number }> {
  const path = join(folder.temp, worker)
  await makeFolder(path)
  const leftovers = await readdir(path)
  for (const name of leftovers) await rm(join(path, name), { recursive: true, force: true })
  return { path, leftovers: leftovers.length }
}
