import type { PackageFacts } from '../language.js'

export interface ModulePlace {
  /** Dotted, as it is imported: `requests.adapters`; of `__init__.py` the package's own name. */
  readonly module: string
  /** Its users import it: no test, no example, no script beside the package. */
  readonly isLibrary: boolean
  /** A name in it begins with an underscore, so that nobody should import it. */
  readonly isPrivate: boolean
}

/** Folders between a package's manifest and its source that are no part of a module's name. */
const SOURCE_ROOTS = new Set(['src', 'lib', 'python', 'Lib'])

/** Outside of the package: not for its users. */
const NOT_LIBRARY =
  /^(?:tests?|testing|t|docs?|documentation|examples?|samples?|demos?|bench(?:es|mark|marks)?|scripts?|tools?|ci|utils?_?scripts|contrib|misc|release|packaging|fuzz(?:ing)?)$/i
const NOT_LIBRARY_FILE = /^(?:test_.*|.*_test|tests?|conftest|setup|noxfile|fabfile|tasks|__main__)$/

/**
 * Where a file stands among the modules. A folder with an `__init__.py` is a package; above the topmost of them, or without any,
 * the folders below a source root (`src/`) are namespace packages, and without a source root those below the manifest.
 */
export function modulePlace(file: string, packages: PackageFacts['packages'], exists: (path: string) => boolean): ModulePlace {
  const folders = file.split('/')
  const stem = (folders.pop() ?? '').replace(/\.pyi?$/, '')
  let top = folders.length
  while (top > 0 && isPackage(folders.slice(0, top).join('/'), exists)) top--
  const outside = folders.slice(0, top)
  const below = belowManifest(outside, packages)
  const root = below.findIndex((folder) => SOURCE_ROOTS.has(folder))
  const isRegular = top < folders.length
  const namespace = root !== -1 ? below.slice(root + 1) : isRegular ? [] : below
  const segments = [...namespace, ...folders.slice(top), ...(stem === '__init__' ? [] : [stem])]
  const inside = folders.slice(top)
  const isLibrary =
    !below.some((folder) => NOT_LIBRARY.test(folder)) &&
    !NOT_LIBRARY.test(inside[0] ?? '') &&
    !inside.includes('tests') &&
    !(NOT_LIBRARY_FILE.test(stem) && (inside.length === 0 || !/^(?:tests?|tasks|setup)$/.test(stem)))
  return { module: segments.join('.'), isLibrary, isPrivate: segments.some((segment) => segment.startsWith('_')) }
}

function isPackage(folder: string, exists: (path: string) => boolean): boolean {
  return exists(`${folder}/__init__.py`) || exists(`${folder}/__init__.pyi`)
}

/** Without the folder of the manifest that is nearest above. */
function belowManifest(folders: readonly string[], packages: PackageFacts['packages']): readonly string[] {
  for (let length = folders.length; length > 0; length--) {
    const folder = folders.slice(0, length).join('/')
    if (packages.some((each) => each.folder === folder)) return folders.slice(length)
  }
  return folders
}
