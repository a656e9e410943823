import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { push, type RepositoryModel } from './build-model.js'
import { claimedPublic } from './claimed-public.js'
import { DefinitionPaths } from './definition-paths.js'
import { ImplHeads } from './impl-heads.js'
import { Levels } from './levels.js'
import type { Crate } from './model.js'
import { ModuleContents } from './module-contents.js'
import type { Names } from './names.js'
import { packageOf, type Presence } from './presence.js'
import { Reach } from './reach.js'

/** What a user of the library can reach, and by which path. */
export interface PublicApi {
  readonly definitionPaths: ReadonlyMap<SymbolId, string>
  /** Paths of what is public; what is not here is not. */
  readonly paths: ReadonlyMap<SymbolId, string>
}

interface World {
  readonly model: RepositoryModel
  readonly names: Names
  readonly presence: Presence
}

/**
 * The public API of every library of the repository by rustdoc's rules. Reachable is what the root shows, what a shown module shows, and
 * so on; a path by definition goes before one by re-export, then the shorter one, then the first by alphabet. Members follow their trait,
 * or the type that their impl is for. A package without a library gets what its items claim by `pub`, because an empty list helps nobody.
 * Yields after little work each.
 */
export function* rustPublicApi(
  files: readonly ParsedFile[],
  { model, names, presence }: World,
  packages: PackageFacts | undefined,
): Generator<void, PublicApi> {
  const contents = new ModuleContents(files, model, names, presence)
  yield* contents.fill()
  const definitions = new DefinitionPaths(files, model)
  const levels = new Levels(model, contents, presence)
  const heads = new ImplHeads(model, names)
  const paths = new Map<SymbolId, string>()
  const libraries = model.crates.filter((crate) => isLibrary(crate))
  const byCrate = filesByCrate(files, model)
  const served = new Set<unknown>()
  const declared = declaredFiles(model, libraries)
  for (const crate of libraries) {
    const own = byCrate.get(crate) ?? []
    const root = crate.root.node ?? ''
    const owner = packageOf(root, packages)
    const reach = new Reach(crate, { files: own, contents, presence, definitions, levels, heads })
    const found = owner?.build?.proc_macro === true ? reach.procMacros() : reach.all()
    if (found.size > 0 || !own.some((file) => file.symbols.some(({ visibility }) => visibility === 'pub')))
      served.add(owner ?? crate.folder)
    for (const [id, path] of found) paths.set(id, path)
    yield
  }
  for (const file of files) {
    const module = model.moduleOfFile.get(file.file)
    const crate = module?.crate
    if (module !== undefined && levels.ofModule(module) === 0) continue
    const owner = packageOf(file.file, packages)
    // Without a manifest the library is our guess: a file that no `mod` brings into it stands for itself.
    const isApart = owner === undefined && !declared.has(file.file)
    if (!isApart && served.has(owner ?? crate?.folder)) continue
    for (const symbol of claimedPublic(file, presence)) paths.set(symbol.id, definitions.of(symbol))
  }
  return { definitionPaths: definitions.all(), paths }
}

function isLibrary(crate: Crate): boolean {
  return crate.isLibrary && crate.root.node !== null && !/(?:^|\/)main\.rs$/.test(crate.root.node)
}

/** Roots of libraries, and files that a `mod` of some file loads. */
function declaredFiles(model: RepositoryModel, libraries: readonly Crate[]): Set<string | null> {
  const files = new Set(libraries.map((crate) => crate.root.node))
  for (const definition of model.definitions.values()) if (definition.tag === 'module') files.add(definition.module.node)
  return files
}

function filesByCrate(files: readonly ParsedFile[], model: RepositoryModel): Map<Crate, ParsedFile[]> {
  const byCrate = new Map<Crate, ParsedFile[]>()
  for (const file of files) {
    const crate = model.moduleOfFile.get(file.file)?.crate
    if (crate !== undefined) push(byCrate, crate, file)
  }
  return byCrate
}
