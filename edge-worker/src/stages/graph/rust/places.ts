import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { rustModuleFile } from '@doctown/common/runtime/rust-module-file.js'

/** Where a file stands: the crate it is part of and the modules from that crate's root down to it. */
export interface FilePlace {
  /** One value a crate; the package's folder for a library in `src`. */
  readonly key: string
  readonly crate: string
  readonly modules: readonly string[]
  readonly isLibrary: boolean
}

export interface Places {
  readonly ofFile: ReadonlyMap<string, FilePlace>
  /** The file that a `mod x;` loads, by the declaration's symbol. */
  readonly loaded: ReadonlyMap<SymbolId, string>
}

interface Declaration {
  readonly parent: string
  /** Inline modules around the declaration, and its own name. */
  readonly names: readonly string[]
}

const OTHER_TARGETS = new Set(['tests', 'benches', 'examples'])
/** `mod` declarations may form a circle on a bad day. */
const MAX_DEPTH = 64

/**
 * Places of files: by the `mod x;` that declares them, up to a file that none declares. That one is a crate's root where Cargo's
 * layout, its own symbols' paths or its name say so; any other undeclared file (one that a macro declares) stands where its path says.
 */
export function filePlaces(files: readonly ParsedFile[]): Places {
  const paths = new Set(files.map((file) => file.file))
  const { loaded, declared } = declarations(files, paths)
  const byPath = new Map(files.map((file) => [file.file, file]))
  const ofFile = new Map<string, FilePlace>()
  const names = new Map<string, string>()
  for (const file of files) {
    const { key, isLibrary } = layoutOf(file, paths)
    const name = isLibrary ? crateName(file) : null
    if (name !== null && !names.has(key)) names.set(key, name)
  }

  const place = (path: string, depth: number): FilePlace => {
    const known = ofFile.get(path)
    if (known !== undefined) return known
    const file = byPath.get(path) as ParsedFile // `as`: only paths of files are asked for.
    const layout = layoutOf(file, paths)
    const own = layout.isRoot || depth > MAX_DEPTH ? undefined : declared.get(path)
    let found: FilePlace
    if (own !== undefined) {
      const outer = place(own.parent, depth + 1)
      found = { ...outer, modules: [...outer.modules, ...own.names] }
    } else {
      const crate = (layout.isLibrary ? names.get(layout.key) : crateName(file)) ?? names.get(layout.key) ?? guessedName(layout.key)
      found = { key: layout.key, crate, modules: layout.modules, isLibrary: layout.isLibrary }
    }
    ofFile.set(path, found)
    return found
  }
  for (const { file } of files) place(file, 0)
  return { ofFile, loaded }
}

function declarations(
  files: readonly ParsedFile[],
  paths: ReadonlySet<string>,
): { loaded: Map<SymbolId, string>; declared: Map<string, Declaration> } {
  const loaded = new Map<SymbolId, string>()
  const declared = new Map<string, Declaration>()
  // A library's declaration goes before that of a program beside it.
  const ordered = [...files].sort((a, b) => Number(isProgram(a.file)) - Number(isProgram(b.file)))
  for (const file of ordered) {
    const byId = new Map(file.symbols.map((symbol) => [symbol.id, symbol]))
    file.symbols.forEach((symbol, index) => {
      const range = file.ranges[index]
      if (symbol.symbol_type !== 'module' || range === undefined || range.body !== range.end) return
      const target = rustModuleFile({ symbol, file: file.file, byId }, (path) => paths.has(path))
      if (target === undefined) return
      loaded.set(symbol.id, target.file)
      if (!declared.has(target.file)) declared.set(target.file, { parent: file.file, names: [...target.inline, symbol.name] })
    })
  }
  return { loaded, declared }
}

function isProgram(file: string): boolean {
  return (
    file.endsWith('main.rs') || file.includes('/bin/') || OTHER_TARGETS.has(file.split('/').find((part) => OTHER_TARGETS.has(part)) ?? '')
  )
}

interface Layout {
  readonly key: string
  readonly modules: readonly string[]
  readonly isLibrary: boolean
  /** Nothing declares it, whatever a file of the same name does. */
  readonly isRoot: boolean
}

function layoutOf(file: ParsedFile, paths: ReadonlySet<string>): Layout {
  const path = file.file
  const parts = path.split('/')
  const at = parts.slice(0, -1).findLastIndex((part) => part === 'src' || OTHER_TARGETS.has(part))
  const kind = parts[at] ?? ''
  const folder = parts.slice(0, Math.max(at, 0)).join('/')
  const rest = parts.slice(at + 1)
  const program: Layout = { key: path, modules: [], isLibrary: false, isRoot: true }
  if (at < 0 && rest[rest.length - 1] === 'build.rs') return { ...program, isRoot: false }
  if (OTHER_TARGETS.has(kind)) {
    if (rest.length === 1 || (rest.length === 2 && rest[1] === 'main.rs'))
      return { ...program, isRoot: rest[rest.length - 1] === 'main.rs' }
    return { key: parts.slice(0, at + 1).join('/'), modules: modulesOf(rest), isLibrary: false, isRoot: false }
  }
  if (kind === 'src' && rest[0] === 'bin' && rest.length > 1) return { ...program, isRoot: false }
  const stem = rest[rest.length - 1]
  if (kind === 'src' && rest.length === 1 && (stem === 'lib.rs' || stem === 'main.rs')) {
    if (stem === 'main.rs' && paths.has([...parts.slice(0, -1), 'lib.rs'].join('/'))) return program
    return { key: folder, modules: [], isLibrary: true, isRoot: true }
  }
  // Outside of `src` a crate's root is told by its name, or by Cargo.toml through the paths of its symbols.
  if (kind === '' && (stem === 'lib.rs' || stem === 'main.rs'))
    return { key: parts.slice(0, -1).join('/'), modules: [], isLibrary: true, isRoot: false }
  if (isRootByPath(file)) return { key: folder, modules: [], isLibrary: true, isRoot: false }
  return { key: folder, modules: modulesOf(rest), isLibrary: true, isRoot: false }
}

function modulesOf(parts: readonly string[]): string[] {
  const folders = parts.slice(0, -1)
  const stem = (parts[parts.length - 1] ?? '').replace(/\.rs$/, '')
  return stem === 'mod' ? folders : [...folders, stem]
}

function isRootByPath(file: ParsedFile): boolean {
  const first = file.symbols.find((symbol) => symbol.container === null && symbol.symbol_type !== 'impl')
  return first !== undefined && first.path.split('::').length === 2
}

/** The first word of a path, where the file has an item whose path has more than its own name. */
function crateName(file: ParsedFile): string | null {
  for (const symbol of file.symbols) {
    const first = /^(\w+)::/.exec(symbol.path)?.[1]
    if (first !== undefined && symbol.container === null) return first
  }
  return null
}

function guessedName(key: string): string {
  return (key.split('/').pop() || 'crate').replace(/\.rs$/, '').replace(/\W/g, '_')
}
