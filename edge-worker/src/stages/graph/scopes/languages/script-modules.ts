import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import { folderOf, joinPath, type FileIndex } from '../file-index.js'
import type { FileScope } from '../model.js'

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.d.mts', '.d.cts', '.js', '.jsx', '.mjs', '.cjs']
/** What TypeScript reads where JavaScript is imported. */
const SOURCES: Readonly<Record<string, readonly string[] | undefined>> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.d.mts', '.ts', '.js'],
  '.cjs': ['.cts', '.d.cts', '.ts', '.js'],
}
/** Folders into which builds write; the first segment may be two deep (`dist/esm`). */
const BUILT = /^(?:dist|lib|build|out|esm|cjs|es|umd|module|types|typings|commonjs|node|browser|bundles|src)$/

/** Where a module's specifier leads inside the repository. */
export class ScriptModules {
  private readonly packages: PackageFacts['packages']

  constructor(
    private readonly files: FileIndex,
    { packages }: PackageFacts,
  ) {
    // A longer name is the more exact one: `pkg/sub` before `pkg`.
    this.packages = [...packages].sort((a, b) => b.name.length - a.name.length)
  }

  /** `undefined`: not of this repository, or not to be told. */
  resolve(specifier: string, from: string): FileScope | undefined {
    const found = this.find(specifier, from)
    // To JavaScript a declaration file is nothing: what it imports is the code beside it.
    const stem = /\.[cm]?jsx?$/.test(from) ? /^(.*)\.d\.[cm]?ts$/.exec(found?.file ?? '')?.[1] : undefined
    return stem === undefined ? found : (this.files.first(['.js', '.mjs', '.cjs', '.jsx'].map((ending) => stem + ending)) ?? found)
  }

  private find(specifier: string, from: string): FileScope | undefined {
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return this.at(joinPath(folderOf(from), specifier))
    if (specifier.startsWith('/')) return undefined
    // The alias that most projects with one have; others stand in files that we do not read.
    const alias = /^[@~]\/(.+)$/.exec(specifier)?.[1]
    if (alias !== undefined) {
      const folder = this.packageOf(from)?.folder ?? ''
      return this.at(joinPath(folder, `src/${alias}`)) ?? this.at(joinPath(folder, alias))
    }
    for (const entry of this.packages) {
      if (entry.name === '' || (specifier !== entry.name && !specifier.startsWith(`${entry.name}/`))) continue
      const entries = entry.targets.filter((target) => target.library && target.name === specifier)
      for (const target of entries) {
        const source = this.sourceOf(target.file, entry.folder)
        if (source !== undefined) return source
      }
      const rest = specifier.slice(entry.name.length + 1)
      if (rest === '') return this.defaultEntry(entry.folder)
      return this.at(joinPath(entry.folder, rest)) ?? this.at(joinPath(entry.folder, `src/${rest}`))
    }
    return undefined
  }

  packageOf(file: string): PackageFacts['packages'][number] | undefined {
    let best: PackageFacts['packages'][number] | undefined
    for (const entry of this.packages) {
      const inside = entry.folder === '' || file.startsWith(`${entry.folder}/`)
      if (inside && (best === undefined || entry.folder.length > best.folder.length)) best = entry
    }
    return best
  }

  defaultEntry(folder: string): FileScope | undefined {
    return this.at(joinPath(folder, 'src/index')) ?? this.at(joinPath(folder, 'index')) ?? this.at(joinPath(folder, 'lib/index'))
  }

  /** The source of what a manifest names: itself, or what a build makes it from (`dist/esm/index.mjs` from `src/index.ts`). */
  sourceOf(file: string, folder: string): FileScope | undefined {
    const exact = this.files.get(file)
    if (exact !== undefined) return exact
    const inside = folder === '' ? file : file.slice(folder.length + 1)
    const parts = inside.split('/')
    for (let skip = 0; skip < parts.length && (skip === 0 || BUILT.test(parts[skip - 1] ?? '')); skip++) {
      const rest = parts
        .slice(skip)
        .join('/')
        .replace(/(?:\.(?:min|prod|production|development|umd|esm|cjs|es|module|common|global))+(?=\.\w+$)/, '')
      for (const stem of new Set([rest.replace(/(?:\.d)?\.[mc]?[jt]sx?$/, ''), rest])) {
        const found = this.at(joinPath(folder, `src/${stem}`)) ?? this.at(joinPath(folder, stem))
        if (found !== undefined) return found
      }
    }
    return undefined
  }

  /** Folders (or beginnings of names) in which the sources lie of what is built into one: `dist/esm/` from `src/`. */
  sourceFolders(prefix: string, folder: string): string[] {
    const inside = (folder === '' ? prefix : prefix.slice(folder.length + 1)).split('/')
    const rests = inside.flatMap((_, skip) =>
      skip === 0 || inside.slice(0, skip).every((part) => BUILT.test(part)) ? [inside.slice(skip).join('/')] : [],
    )
    const before = folder === '' ? '' : `${folder}/`
    return rests.flatMap((rest) => [`${before}src/${rest}`, `${before}${rest}`]).filter((each) => each !== before)
  }

  private at(path: string | null): FileScope | undefined {
    if (path === null) return undefined
    const ending = /\.[mc]?jsx?$/.exec(path)?.[0]
    const stem = ending === undefined ? path : path.slice(0, -ending.length)
    const folder = path === '' ? '' : `${path}/`
    return this.files.first([
      path,
      ...(SOURCES[ending ?? ''] ?? []).map((each) => stem + each),
      ...ENDINGS.map((each) => path + each),
      ...ENDINGS.map((each) => `${folder}index${each}`),
    ])
  }
}
