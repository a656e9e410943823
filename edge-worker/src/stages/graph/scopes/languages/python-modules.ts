import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import { folderOf, joinPath } from '../file-index.js'
import type { FileScope, Unit } from '../model.js'

/** Python modules by their place: a package is a folder, with or without an `__init__.py`. */
export class PythonModules {
  /** Folders and files without ending, each as a module; `.py` before its stub. */
  private readonly byPlace = new Map<string, Unit>()
  /** Folders that absolute imports are looked up in, nearest to the root last. */
  private readonly roots: readonly string[]

  constructor(files: readonly FileScope[], { packages }: PackageFacts) {
    const packagesByInit = new Set<string>()
    // What is put last stays: a stub gives way to its source, and `a.py` to the package `a/`.
    const rank = ({ file }: FileScope): number => (file.endsWith('.pyi') ? 0 : 2) + (/(?:^|\/)__init__\.pyi?$/.test(file) ? 1 : 0)
    for (const file of [...files].sort((a, b) => rank(a) - rank(b))) {
      const stem = file.file.replace(/\.pyi?$/, '')
      const isInit = stem === '__init__' || stem.endsWith('/__init__')
      const place = isInit ? folderOf(stem) : stem
      if (isInit) packagesByInit.add(place)
      this.byPlace.set(place, { key: place, files: [file] })
      for (let folder = folderOf(place); folder !== '' && !this.byPlace.has(folder); folder = folderOf(folder)) {
        this.byPlace.set(folder, { key: folder, files: [] })
      }
    }
    const roots = new Set<string>([
      '',
      'src',
      'lib',
      'python',
      ...packages.flatMap(({ folder }) => [folder, joinPath(folder, 'src') ?? folder]),
    ])
    for (const place of packagesByInit) {
      let top = place
      while (top !== '' && packagesByInit.has(folderOf(top))) top = folderOf(top)
      if (top !== '') roots.add(folderOf(top))
    }
    this.roots = [...roots].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  }

  /** An absolute or relative dotted name, as seen from a file. */
  resolve(dotted: string, from: string): Unit | undefined {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(dotted) ?? []
    const inner = rest === '' ? '' : rest.replaceAll('.', '/')
    if (dots !== '') {
      const place = joinPath(folderOf(from), '../'.repeat(dots.length - 1) + inner)
      return place === null ? undefined : this.byPlace.get(place)
    }
    const near = this.roots.filter((root) => root === '' || from.startsWith(`${root}/`))
    for (const root of near) {
      const found = this.under(root, inner, from)
      if (found !== undefined) return found
    }
    const far = this.roots.filter((root) => !near.includes(root)).flatMap((root) => this.under(root, inner, from) ?? [])
    if (far.length > 0) return new Set(far).size === 1 ? far[0] : undefined
    // A script sees what lies beside it.
    const beside = this.byPlace.get(joinPath(folderOf(from), inner) ?? '')
    return beside !== undefined && beside.files.length > 0 && !this.byPlace.get(folderOf(from))?.files.length ? beside : undefined
  }

  submodule(unit: Unit, name: string): Unit | undefined {
    return this.byPlace.get(unit.key === '' ? name : `${unit.key}/${name}`)
  }

  private under(root: string, inner: string, from: string): Unit | undefined {
    const found = this.byPlace.get(joinPath(root, inner) ?? '')
    // A script named like the package that it imports does not import itself.
    return found === undefined || found.key === '' || found.files[0]?.file === from ? undefined : found
  }
}
