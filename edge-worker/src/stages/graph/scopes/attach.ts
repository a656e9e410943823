import { push, type Def, type FileScope } from './model.js'

/** Methods that stand apart from their types (`func (r *Reader) Read`, `void Reader::read()`) become their members: by their paths, in one place of the repository. */
export function attachMethods(files: readonly FileScope[], placeOf: (file: FileScope) => string): void {
  const types = new Map<string, Def[]>()
  for (const file of files) {
    for (const def of file.defs.values())
      if (def.kind === 'type' || def.kind === 'alias') push(types, `${placeOf(file)}\n${def.symbol.definition_path}`, def)
  }
  for (const file of files) {
    for (const def of file.defs.values()) {
      if ((def.holder !== null && def.holder.kind !== 'namespace') || def.symbol.symbol_type !== 'method') continue
      const owner = holderPath(def.symbol.definition_path)
      const [type, ...rest] = types.get(`${placeOf(file)}\n${owner}`) ?? []
      if (type === undefined) continue
      // Of a forward declaration and the class itself the class; of alternatives for several platforms the one beside it.
      const bodies = [type, ...rest].filter((each) => each.hasBody)
      const holder = bodies.find((each) => each.file === file) ?? bodies[0] ?? type
      const outer = def.holder
      def.holder = holder
      push(holder.members, def.name, def)
      const names = outer?.members ?? file.names
      const others = (names.get(def.name) ?? []).filter((each) => each !== def)
      if (others.length > 0) names.set(def.name, others)
      else names.delete(def.name)
    }
  }
}

function holderPath(path: string): string {
  const at = Math.max(path.lastIndexOf('.'), path.lastIndexOf('::'))
  return at < 0 ? '' : path.slice(0, at)
}
