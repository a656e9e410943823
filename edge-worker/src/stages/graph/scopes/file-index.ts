import type { FileScope, Unit } from './model.js'

/** Files by path, with each as a module of its own. */
export class FileIndex {
  private readonly byPath: ReadonlyMap<string, FileScope>
  private readonly units = new Map<FileScope, Unit>()

  constructor(readonly files: readonly FileScope[]) {
    this.byPath = new Map(files.map((file) => [file.file, file]))
  }

  get(path: string): FileScope | undefined {
    return this.byPath.get(path)
  }

  /** The first of several spellings that is a file. */
  first(paths: Iterable<string>): FileScope | undefined {
    for (const path of paths) {
      const file = this.byPath.get(path)
      if (file !== undefined) return file
    }
    return undefined
  }

  unitOf(file: FileScope): Unit {
    const known = this.units.get(file)
    if (known !== undefined) return known
    const unit: Unit = { key: file.file, files: [file] }
    this.units.set(file, unit)
    return unit
  }
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}

/** `a/b` and `../c/./d` is `a/c/d`; `null` when it leaves the repository. */
export function joinPath(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}
