import type { Def, Entity, FileScope } from '../model.js'
import { isShorter, pathBelow, Reached, topDefs, withMembers, type FoundSymbols } from '../public-api.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import type { PythonLinker } from './python.js'

/**
 * What packages and modules hand on from modules that nobody should import (`_core.py`), and the shorter names of what they hand on from others:
 * names in `__all__`, `from .x import y as y`, `from .x import *`. Everything else is as its file says.
 */
export function pythonPublicApi(files: readonly FileScope[], linker: PythonLinker): FoundSymbols {
  const reached = new Reached()
  for (const file of files) {
    if (isHidden(placeOf(file.file))) continue
    const isPackage = /(?:^|\/)__init__\.pyi?$/.test(file.file)
    const imports = file.imports.get('')
    for (const [alias, references] of imports?.named ?? []) {
      if (alias.startsWith('_') || alias.includes('.')) continue
      // What a plain module imports for its own use is no name for others.
      for (const reference of references.filter((each) => isPackage || each.is_public))
        for (const def of defsOf(linker.imported(file, reference))) hand(reference.is_public, file, alias, def, reached)
    }
    for (const glob of imports?.globs ?? []) {
      for (const [name, def] of starNames(file, glob, linker)) hand(true, file, name, def, reached)
    }
  }
  const found: FoundSymbols = new Map()
  for (const [top, path] of reached.entries()) tell(top, path, found)
  return found
}

function hand(isPublic: boolean, file: FileScope, name: string, def: Def, reached: Reached): void {
  if (def.holder !== null) return
  const module = moduleOf(file, def)
  // A name that nobody promised to keep makes nothing public, but what is public anyway may be written by it.
  if (module === null || (!isPublic && !def.symbol.is_public_api)) return
  const path = `${module}.${name}`
  if (!def.symbol.is_public_api || isShorter(path, def.symbol.definition_path)) reached.add(def, path)
}

function tell(top: Def, path: string, found: FoundSymbols): void {
  const shown = new Set<Def>()
  for (const def of withMembers(top)) {
    // A local of a function is nobody's.
    const isShown = def === top || (def.holder?.kind === 'type' && shown.has(def.holder) && isMember(def))
    if (isShown) shown.add(def)
    found.set(def.id, { path: pathBelow(top, path, def), is_public_api: isShown })
  }
}

function isMember({ name, kind }: Def): boolean {
  return !name.startsWith('_') || (kind === 'function' && /^__\w+__$/.test(name))
}

/** What `from .x import *` brings: the names of `__all__` where there is one, else those without an underscore. */
function* starNames(file: FileScope, glob: Reference, linker: PythonLinker): Generator<[string, Def]> {
  for (const unit of linker.unitsOf(file, glob)) {
    for (const module of unit.files) {
      const own = topDefs(module)
      const listed = own.filter((def) => def.symbol.visibility === '__all__')
      for (const def of listed.length > 0 ? listed : own) if (!def.name.startsWith('_')) yield [def.name, def]
    }
  }
}

/** The dotted name of a module, from that of a definition in it; `null` when they have no package in common. */
function moduleOf(file: FileScope, def: Def): string | null {
  const module = def.symbol.definition_path.slice(0, -def.name.length - 1)
  const place = placeOf(def.file.file)
  const words = module.split('.')
  const folders = place.split('/')
  const root = folders.slice(0, folders.length - words.length)
  if (module === '' || folders.slice(root.length).join('.') !== module) return null
  const own = placeOf(file.file).split('/')
  if (own[root.length] !== words[0] || own.slice(0, root.length).join('/') !== root.join('/')) return null
  return own.slice(root.length).join('.')
}

/** A module's path: of `__init__.py` the folder. */
function placeOf(file: string): string {
  return file.replace(/(?:(?:^|\/)__init__)?\.pyi?$/, '')
}

function isHidden(place: string): boolean {
  return place.split('/').some((part) => part.startsWith('_') || part === 'tests' || part === 'test')
}

function defsOf(entities: readonly Entity[]): Def[] {
  return entities.flatMap((entity) => (entity.tag === 'def' ? [entity.def] : []))
}
