import { folderOf, joinPath, type FileIndex } from '../file-index.js'
import { push, type FileScope } from '../model.js'

/** Which files a file includes, and all that these include. */
export class Includes {
  private readonly byName = new Map<string, FileScope[]>()
  private readonly closures = new Map<FileScope, ReadonlySet<FileScope>>()

  constructor(private readonly files: FileIndex) {
    for (const file of files.files) push(this.byName, baseName(file.file), file)
  }

  /** `x.h` beside the file or anywhere that ends so, when only one does; `<x.h>` never beside it. */
  resolve(written: string, from: FileScope): FileScope | undefined {
    const system = /^<(.*)>$/.exec(written)?.[1]
    const path = (system ?? written).trim()
    if (system === undefined) {
      const beside = this.files.get(joinPath(folderOf(from.file), path) ?? '')
      if (beside !== undefined) return beside
    }
    const suffix = path.replace(/^(?:\.{1,2}\/)+/, '')
    const ending = (this.byName.get(baseName(suffix)) ?? []).filter(({ file }) => file === suffix || file.endsWith(`/${suffix}`))
    // A plain `<string.h>` is the system's, whatever lies somewhere in the repository.
    const candidates =
      system === undefined || suffix.includes('/') ? ending : ending.filter(({ file }) => /(?:^|\/)include\/[^/]+$/.test(file))
    return candidates.length < 2 ? candidates[0] : nearest(candidates, from)
  }

  sees(file: FileScope, other: FileScope): boolean {
    return file === other || this.closure(file).has(other)
  }

  private closure(file: FileScope): ReadonlySet<FileScope> {
    const known = this.closures.get(file)
    if (known !== undefined) return known
    const closure = new Set<FileScope>([file])
    const waiting = [file]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const included of this.direct(next)) {
        if (closure.has(included)) continue
        closure.add(included)
        waiting.push(included)
      }
    }
    this.closures.set(file, closure)
    return closure
  }

  private readonly directly = new Map<FileScope, readonly FileScope[]>()

  private direct(file: FileScope): readonly FileScope[] {
    const known = this.directly.get(file)
    if (known !== undefined) return known
    const found = [...file.imports.values()]
      .flatMap(({ globs }) => globs)
      .flatMap(({ path }) => (path.length === 1 ? (this.resolve(path[0] ?? '', file) ?? []) : []))
    this.directly.set(file, found)
    return found
  }
}

/** Of several files the one with the longest way in common; none when two have. */
function nearest(candidates: readonly FileScope[], from: FileScope): FileScope | undefined {
  const shared = candidates.map(({ file }) => commonFolders(file, from.file))
  const most = Math.max(...shared)
  const best = candidates.filter((_, index) => shared[index] === most)
  return best.length === 1 ? best[0] : undefined
}

function commonFolders(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  let count = 0
  while (count < left.length - 1 && left[count] === right[count]) count++
  return count
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
