import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import { attachMethods } from '../attach.js'
import { folderOf, joinPath } from '../file-index.js'
import { entitiesOf } from '../lookup.js'
import { EXTERNAL_ENTITY, push, type Def, type Entity, type FileScope, type Unit } from '../model.js'
import type { Linker, Rules } from '../rules.js'
import { readGoType } from './go-types.js'

/** Go: a folder is a package, go.mod says what it is imported by. */
export const go: Rules = Object.freeze<Rules>({
  languages: ['Go'],
  readType: readGoType,
  membersInScope: false,
  constructorNames: () => [],
  inheritsConstructors: false,
  callsMakeInstances: false,
  containers: { '[]': { index: 0, item: 0 }, map: { index: 1, item: 1 }, chan: { item: 0, awaited: 0 } },
  wrapAsync: false,
  choose: forEachPlatform,
  link: (files, packages) => new GoLinker(files, packages),
})

/** One name in several files of a package is chosen by build tags: each is right on its platform. */
function forEachPlatform(candidates: readonly Def[]): readonly Def[] {
  const files = new Set(candidates.map((def) => def.file))
  return files.size === candidates.length ? candidates : []
}

class GoLinker implements Linker {
  private readonly units = new Map<string, Unit>()
  private readonly names = new Map<string, Map<string, Def[]>>()
  private readonly modules: PackageFacts['packages']

  constructor(files: readonly FileScope[], { packages }: PackageFacts) {
    this.modules = [...packages].sort((a, b) => b.name.length - a.name.length)
    attachMethods(files, packageKey)
    const folders = new Map<string, FileScope[]>()
    for (const file of files) push(folders, packageKey(file), file)
    for (const [key, inside] of folders) {
      this.units.set(key, { key, files: inside })
      const names = new Map<string, Def[]>()
      for (const file of inside) for (const [name, defs] of file.names) for (const def of defs) push(names, name, def)
      this.names.set(key, names)
    }
  }

  unitsOf(_file: FileScope, { path }: Reference): readonly Unit[] {
    const wanted = path[0] ?? ''
    for (const { folder, name } of this.modules) {
      if (wanted !== name && !wanted.startsWith(`${name}/`)) continue
      const unit = this.units.get(joinPath(folder, wanted.slice(name.length)) ?? '')
      return unit === undefined ? [] : [unit]
    }
    return []
  }

  imported(file: FileScope, reference: Reference): readonly Entity[] {
    const [unit] = this.unitsOf(file, reference)
    return [unit === undefined ? EXTERNAL_ENTITY : { tag: 'unit', unit }]
  }

  member(unit: Unit, name: string): readonly Entity[] {
    return entitiesOf((this.names.get(unit.key)?.get(name) ?? []).filter((def) => !isTestFile(def.file)))
  }

  shared(file: FileScope, _from: Def | null, name: string): readonly Entity[] {
    const defs = this.names.get(packageKey(file))?.get(name) ?? []
    return entitiesOf(isTestFile(file) ? defs : defs.filter((def) => !isTestFile(def.file)))
  }
}

function packageKey(file: FileScope): string {
  return folderOf(file.file)
}

function isTestFile(file: FileScope): boolean {
  return file.file.endsWith('_test.go')
}
