import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'

/** Where a file stands: the package's folder, the crate it is part of and the modules from that crate's root down to it. */
export interface FilePlace {
  readonly folder: string
  readonly crate: string
  readonly modules: readonly string[]
  readonly isLibrary: boolean
}

const OTHER_TARGETS = new Set(['tests', 'benches', 'examples'])

/**
 * Places of files by Cargo's layout. The crate's name is taken from the paths of the file's own symbols, which Cargo.toml told;
 * a file without symbols takes it from a neighbour.
 */
export function filePlaces(files: readonly ParsedFile[]): Map<string, FilePlace> {
  const places = new Map<string, FilePlace>()
  const paths = new Set(files.map((file) => file.file))
  const names = new Map<string, string>()
  const layouts = files.map((file) => ({ file, layout: layoutOf(file.file, paths) }))
  for (const { file, layout } of layouts) {
    const name = crateName(file)
    if (name !== null && !names.has(layout.key)) names.set(layout.key, name)
  }
  for (const { file, layout } of layouts) {
    const own = layout.isLibrary ? names.get(layout.key) : (crateName(file) ?? names.get(layout.key))
    const crate = own ?? (layout.folder.split('/').pop() || 'crate').replace(/\W/g, '_')
    places.set(file.file, { folder: layout.key, crate, modules: layout.modules, isLibrary: layout.isLibrary })
  }
  return places
}

interface Layout {
  readonly folder: string
  /** Files with one key are one crate. */
  readonly key: string
  readonly modules: readonly string[]
  readonly isLibrary: boolean
}

function layoutOf(file: string, paths: ReadonlySet<string>): Layout {
  const parts = file.split('/')
  const at = parts.slice(0, -1).findLastIndex((part) => part === 'src' || OTHER_TARGETS.has(part))
  const kind = parts[at] ?? ''
  const folder = parts.slice(0, Math.max(at, 0)).join('/')
  const rest = parts.slice(at + 1)
  if (at < 0 && rest.length === 1 && rest[0] === 'build.rs') return { folder, key: file, modules: [], isLibrary: false }
  if (OTHER_TARGETS.has(kind) && (rest.length === 1 || (rest.length === 2 && rest[1] === 'main.rs')))
    return { folder, key: file, modules: [], isLibrary: false }
  if (OTHER_TARGETS.has(kind)) return { folder, key: parts.slice(0, at + 1).join('/'), modules: modulesOf(rest), isLibrary: false }
  if (kind === 'src' && rest[0] === 'bin' && rest.length > 1) return { folder, key: file, modules: [], isLibrary: false }
  const hasLibrary = paths.has(
    parts
      .slice(0, at + 1)
      .concat('lib.rs')
      .join('/'),
  )
  if (kind === 'src' && rest.length === 1 && rest[0] === 'main.rs' && hasLibrary)
    return { folder, key: file, modules: [], isLibrary: false }
  return { folder, key: folder, modules: modulesOf(rest), isLibrary: true }
}

function modulesOf(parts: readonly string[]): string[] {
  const folders = parts.slice(0, -1)
  const stem = (parts[parts.length - 1] ?? '').replace(/\.rs$/, '')
  if (stem === 'mod') return folders
  return folders.length === 0 && (stem === 'lib' || stem === 'main') ? [] : [...folders, stem]
}

/** The first word of a path, where the file has an item whose path has more than its own name. */
function crateName(file: ParsedFile): string | null {
  for (const symbol of file.symbols) {
    const first = /^(\w+)::/.exec(symbol.path)?.[1]
    if (first !== undefined && symbol.container === null) return first
  }
  return null
}
