import type { PackageFacts } from '../language.js'

/** Where a file stands among the crates of its repository. */
export interface ModulePlace {
  /** Name of the crate, the first word of every path in it. */
  readonly crate: string
  /** Modules from the crate's root down to the file, empty for the root itself. */
  readonly modules: readonly string[]
  /** The file belongs to a library, not to a test, bench, example, binary or build script. */
  readonly library: boolean
}

/** Folders beside `src` in which each file, or each folder with a main.rs, is a crate of its own. */
const OTHER_TARGETS = new Set(['tests', 'benches', 'examples'])

/**
 * The module that a file makes, told by its path and the nearest Cargo.toml above it.
 * `#[path]` may load a file under another name; its ids still follow the file, so that they do not change with a line elsewhere.
 */
export function modulePlace(file: string, facts: PackageFacts): ModulePlace {
  const owner = nearestPackage(file, facts)
  const folder = owner?.folder ?? guessedFolder(file)
  const crate = owner?.name ?? guessedName(folder)
  const parts = (folder === '' ? file : file.slice(folder.length + 1)).split('/')

  const declared = owner?.targets.find((target) => target.file === file)
  if (declared !== undefined) return { crate: declared.name, modules: [], library: declared.library }
  const root = owner?.targets.find((target) => target.library)
  if (root !== undefined && !root.file.endsWith('/src/lib.rs') && root.file !== 'src/lib.rs') {
    const rootFolder = root.file.slice(0, root.file.lastIndexOf('/') + 1)
    const inside = file.startsWith(rootFolder) && !OTHER_TARGETS.has(parts[0] ?? '')
    if (inside) return { crate, modules: modulesOf(file.slice(rootFolder.length).split('/')), library: true }
  }

  const first = parts[0] ?? ''
  if (first === 'src' && parts[1] === 'bin' && parts.length > 2) return targetPlace(parts.slice(2), crate, 'bin', facts)
  if (OTHER_TARGETS.has(first) && parts.length > 1) return targetPlace(parts.slice(1), crate, first, facts)
  if (parts.length === 1 && first === 'build.rs') return { crate: 'build_script', modules: [], library: false }
  if (first === 'src' && parts.length > 1) {
    if (parts.length === 2 && parts[1] === 'main.rs') return { crate, modules: [], library: false }
    return { crate, modules: modulesOf(parts.slice(1)), library: true }
  }
  return { crate, modules: modulesOf(parts), library: true }
}

/** `tests/a.rs` and `tests/a/main.rs` are roots of the crate `a`; what lies deeper belongs to one that we cannot know. */
function targetPlace(parts: readonly string[], library: string, kind: string, facts: PackageFacts): ModulePlace {
  const stem = (parts[parts.length - 1] ?? '').replace(/\.rs$/, '')
  const name = parts.length === 1 ? stem : parts.length === 2 && stem === 'main' ? (parts[0] ?? stem) : null
  if (name === null) return { crate: kind, modules: modulesOf(parts), library: false }
  const taken = name === library || facts.packages.some((entry) => entry.name === name)
  return { crate: (taken ? `${kind}_${name}` : name).replaceAll('-', '_'), modules: [], library: false }
}

/** `a/b.rs` and `a/b/mod.rs` are both `a::b`; lib.rs and main.rs at the top are the root. */
function modulesOf(parts: readonly string[]): string[] {
  const folders = parts.slice(0, -1)
  const stem = (parts[parts.length - 1] ?? '').replace(/\.rs$/, '')
  if (stem === 'mod') return folders
  if (folders.length === 0 && (stem === 'lib' || stem === 'main')) return []
  return [...folders, stem]
}

function nearestPackage(file: string, facts: PackageFacts): PackageFacts['packages'][number] | undefined {
  let best: PackageFacts['packages'][number] | undefined
  for (const entry of facts.packages) {
    const inside = entry.folder === '' || file.startsWith(entry.folder + '/')
    if (inside && (best === undefined || entry.folder.length > best.folder.length)) best = entry
  }
  return best
}

/** Without a manifest: what stands before the last `src` (or `tests`, ...) on the way. */
function guessedFolder(file: string): string {
  const parts = file.split('/').slice(0, -1)
  const at = parts.findLastIndex((part) => part === 'src' || OTHER_TARGETS.has(part))
  return parts.slice(0, Math.max(at, 0)).join('/')
}

function guessedName(folder: string): string {
  const last = folder.slice(folder.lastIndexOf('/') + 1)
  return last === '' ? 'crate' : last.replace(/[^A-Za-z0-9_]/g, '_')
}
