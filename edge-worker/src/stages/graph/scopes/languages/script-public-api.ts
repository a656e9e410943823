import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Def, Entity, FileScope, Unit } from '../model.js'
import { pathBelow, Reached, topDefs, withMembers, type FoundSymbols } from '../public-api.js'
import type { ScriptModules } from './script-modules.js'
import { isDefault, type ScriptLinker } from './script.js'

/** Namespaces in namespaces (`export * as a from`) that are followed. */
const MAX_DEPTH = 6

/**
 * What users of each package reach: the names that its entry points export, with what these hold. A package whose entry points
 * are not among the files, or export nothing that we can see, is left as its files say.
 */
export function scriptPublicApi(
  files: readonly FileScope[],
  linker: ScriptLinker,
  modules: ScriptModules,
  { packages }: PackageFacts,
): FoundSymbols {
  const found: FoundSymbols = new Map()
  const byPackage = new Map<PackageFacts['packages'][number], FileScope[]>()
  for (const file of files) {
    const owner = modules.packageOf(file.file)
    if (owner !== undefined) byPackage.set(owner, [...(byPackage.get(owner) ?? []), file])
  }
  for (const entry of packages) {
    const own = byPackage.get(entry) ?? []
    const reached = new Reached()
    for (const { file, name } of entriesOf(entry, own, modules))
      reach(linker.unit(file), name, { linker, reached, depth: 0, seen: new Set() })
    if (![...reached.entries()].some(([def]) => own.includes(def.file))) continue
    for (const file of own) for (const def of topDefs(file)) tell(def, reached.pathOf(def), found)
  }
  return found
}

function tell(top: Def, path: string | undefined, found: FoundSymbols): void {
  for (const def of withMembers(top)) {
    if (path === undefined) found.set(def.id, { is_public_api: false })
    // What a file hides (`private`, `@internal`), no export makes public; a default export is shown by its being reached.
    else found.set(def.id, { is_public_api: def === top || def.symbol.is_public_api, path: pathBelow(top, path, def) })
  }
}

/** Sources of the entry points that a manifest names, patterns (`./*`) among them, with what they are imported by. */
function entriesOf(
  entry: PackageFacts['packages'][number],
  files: readonly FileScope[],
  modules: ScriptModules,
): { file: FileScope; name: string }[] {
  const found: { file: FileScope; name: string }[] = []
  for (const target of entry.targets) {
    if (!target.library) continue
    const star = target.file.indexOf('*')
    if (star < 0) {
      const file = modules.sourceOf(target.file, entry.folder)
      if (file !== undefined) found.push({ file, name: target.name })
      continue
    }
    const folders = modules.sourceFolders(target.file.slice(0, star), entry.folder)
    for (const file of files) {
      const folder = folders.find((each) => file.file.startsWith(each))
      if (folder === undefined) continue
      const rest = file.file.slice(folder.length).replace(/(?:\/index)?(?:\.d)?\.[mc]?[jt]sx?$/, '')
      found.push({ file, name: target.name.replace('*', rest) })
    }
  }
  return found
}

interface Reaching {
  readonly linker: ScriptLinker
  readonly reached: Reached
  readonly depth: number
  readonly seen: ReadonlySet<string>
}

function reach(unit: Unit, path: string, reaching: Reaching): void {
  const { linker, reached, depth, seen } = reaching
  if (depth > MAX_DEPTH || seen.has(unit.key)) return
  const inner = { ...reaching, depth: depth + 1, seen: new Set([...seen, unit.key]) }
  for (const name of linker.exportedNames(unit)) {
    for (const entity of linker.member(unit, name)) visit(entity, `${path}.${name}`, { path, inner, reached })
  }
}

function visit(entity: Entity, path: string, { path: holder, inner, reached }: { path: string; inner: Reaching; reached: Reached }): void {
  if (entity.tag === 'unit') reach(entity.unit, path, inner)
  else if (entity.tag === 'def') {
    // `import name from 'package'`: whoever writes it gives the name, as a rule the one it has.
    const isNamedDefault = path === `${holder}.default` && entity.def.name !== 'default'
    reached.add(entity.def, isNamedDefault && isDefault(entity.def) ? `${holder}.${entity.def.name}` : path)
  }
}
