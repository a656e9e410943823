import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'

/** Whether git would leave a file out, by the `.gitignore` files of the folder and, inside a repository, of the folders above it. */
export function createIgnoredFiles(root: string, gitignores: readonly string[]): (path: string) => boolean {
  const rules: { readonly folder: string; readonly rules: Ignore }[] = []
  const add = (folder: string, file: string): void => {
    try {
      rules.push({ folder, rules: ignore().add(readFileSync(file, 'utf8')) })
    } catch {
      // A list that cannot be read leaves nothing out.
    }
  }
  for (const folder of foldersAbove(root)) {
    const file = join(folder, '.gitignore')
    if (existsSync(file)) add(relative(root, folder), file)
  }
  for (const path of gitignores) add(path.slice(0, Math.max(0, path.lastIndexOf('/'))), join(root, path))
  return (path) =>
    rules.some(({ folder, rules: list }) => {
      if (folder.startsWith('..'))
        return list.ignores(
          join(relative(join(root, folder), root), path)
            .split(sep)
            .join('/'),
        )
      if (folder === '') return list.ignores(path)
      return path.startsWith(`${folder}/`) && list.ignores(path.slice(folder.length + 1))
    })
}

/** From the folder's parent up to the root of the repository that it lies in; none when it is no part of one. */
function foldersAbove(root: string): string[] {
  const folders: string[] = []
  if (existsSync(join(root, '.git'))) return folders
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    folders.push(folder)
    if (existsSync(join(folder, '.git'))) return folders
  }
  return []
}
