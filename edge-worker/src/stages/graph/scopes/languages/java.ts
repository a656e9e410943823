import type { Reference } from '@doctown/common/contracts/reference.js'
import { byArity } from '../choose.js'
import { distinct, entitiesOf } from '../lookup.js'
import { EXTERNAL_ENTITY, push, type Def, type Entity, type FileScope, type Unit } from '../model.js'
import type { Container, Linker, Rules } from '../rules.js'
import { readJavaType } from './java-types.js'

const EACH = [
  'forEach',
  'map',
  'filter',
  'flatMap',
  'anyMatch',
  'allMatch',
  'noneMatch',
  'peek',
  'removeIf',
  'mapToInt',
  'mapToLong',
  'sorted',
]
const LIST: Container = {
  index: 0,
  item: 0,
  methods: {
    get: 0,
    getFirst: 0,
    getLast: 0,
    remove: 0,
    iterator: 'self',
    stream: 'self',
    next: 0,
    poll: 0,
    peek: 0,
    pop: 0,
    element: 0,
    subList: 'self',
    filter: 'self',
    sorted: 'self',
    distinct: 'self',
    first: 0,
    last: 0,
  },
  callbacks: Object.fromEntries(EACH.map((name) => [name, [0]])),
}
const MAP: Container = {
  methods: { get: 1, getOrDefault: 1, put: 1, remove: 1, computeIfAbsent: 1, values: [1], keySet: [0] },
  callbacks: { forEach: [0, 1], computeIfAbsent: [0] },
}
const BOX: Container = {
  methods: { get: 0, orElse: 0, orElseThrow: 0, orElseGet: 0, join: 0, getNow: 0, call: 0, filter: 'self', or: 'self' },
  callbacks: { map: [0], ifPresent: [0], filter: [0], flatMap: [0], thenApply: [0], thenAccept: [0] },
}
const named = (names: string, container: Container): Record<string, Container> =>
  Object.fromEntries(names.split(' ').map((name) => [name, container]))

/** Java: packages by what files say of themselves, classes by import, package or nesting. */
export const java: Rules = Object.freeze<Rules>({
  languages: ['Java'],
  readType: readJavaType,
  functionsAreNoValues: true,
  membersInScope: true,
  constructorNames: (type: Def) => ['constructor', type.name, '<init>'],
  inheritsConstructors: false,
  callsMakeInstances: false,
  containers: {
    ...named('[] List ArrayList LinkedList Collection Iterable Iterator Set HashSet LinkedHashSet TreeSet SortedSet NavigableSet', LIST),
    ...named('Queue Deque ArrayDeque PriorityQueue Stack Vector Stream Enumeration ListIterator ImmutableList ImmutableSet', LIST),
    ...named('Map HashMap LinkedHashMap TreeMap SortedMap NavigableMap ConcurrentMap ConcurrentHashMap ImmutableMap EnumMap', MAP),
    ...named('Optional Supplier Provider Future CompletableFuture Callable AtomicReference ThreadLocal WeakReference SoftReference', BOX),
  },
  wrapAsync: false,
  choose: byArity,
  link: (files) => new JavaLinker(files),
})

class JavaLinker implements Linker {
  private readonly packages = new Map<string, Unit>()
  private readonly names = new Map<string, Map<string, Def[]>>()
  private readonly own = new Map<FileScope, string>()
  /** `com`, `com.example`: words before the packages' last ones. */
  private readonly prefixes = new Set<string>()

  constructor(files: readonly FileScope[]) {
    const inside = new Map<string, FileScope[]>()
    for (const file of files) {
      const name = packageOf(file)
      this.own.set(file, name)
      push(inside, name, file)
    }
    for (const [key, members] of inside) {
      this.packages.set(key, { key, files: members })
      const words = key.split('.')
      words.forEach((_, at) => this.prefixes.add(words.slice(0, at + 1).join('.')))
      const names = new Map<string, Def[]>()
      for (const file of members) for (const [name, defs] of file.names) for (const def of defs) push(names, name, def)
      this.names.set(key, names)
    }
  }

  /** `a.b.*` opens a package; `a.b.C.*`, of static imports, a class. */
  unitsOf(_file: FileScope, { path }: Reference): readonly Unit[] {
    const unit = this.packages.get(path[0] ?? '')
    if (unit !== undefined) return [unit]
    const type = this.typeAt(path[0] ?? '')
    return type.length > 0 ? [{ key: path[0] ?? '', files: [] }] : []
  }

  imported(_file: FileScope, { path }: Reference): readonly Entity[] {
    const [from = '', name = ''] = path
    const found = this.memberAt(from, name)
    return found.length > 0 ? found : [EXTERNAL_ENTITY]
  }

  member(unit: Unit, name: string): readonly Entity[] {
    return this.memberAt(unit.key, name)
  }

  shared(file: FileScope, _from: Def | null, name: string): readonly Entity[] {
    const own = this.names.get(this.own.get(file) ?? '')?.get(name)
    if (own !== undefined) return entitiesOf(nearest(own, file))
    // The first word of a full name: `com.example.Thing`.
    return this.prefixes.has(name) ? [{ tag: 'unit', unit: { key: name, files: [] } }] : []
  }

  private memberAt(from: string, name: string): readonly Entity[] {
    const inPackage = this.names.get(from)?.get(name)
    if (inPackage !== undefined) return entitiesOf(inPackage)
    const members = this.typeAt(from).flatMap((type) => type.members.get(name) ?? [])
    if (members.length > 0) return distinct(entitiesOf(members))
    const deeper = `${from}.${name}`
    return this.prefixes.has(deeper) ? [{ tag: 'unit', unit: { key: deeper, files: [] } }] : []
  }

  /** A class by its full name, nested ones too. */
  private typeAt(path: string): readonly Def[] {
    const at = path.lastIndexOf('.')
    if (at < 0) return []
    const [before, name] = [path.slice(0, at), path.slice(at + 1)]
    const own = this.names.get(before)?.get(name)
    if (own !== undefined) return own
    return this.typeAt(before).flatMap((type) => (type.members.get(name) ?? []).filter((def) => def.kind === 'type'))
  }
}

/** Main and test sources, or several modules, may each have a class of one name: the one of the same source tree is meant. */
function nearest(defs: readonly Def[], file: FileScope): readonly Def[] {
  if (defs.length < 2) return defs
  const root = (path: string): string => path.slice(0, Math.max(path.indexOf('src/'), 0))
  const near = defs.filter((def) => root(def.file.file) === root(file.file))
  return near.length > 0 ? near : defs
}

/** What stands before the names of its classes. */
function packageOf(file: FileScope): string {
  for (const def of file.defs.values()) {
    if (def.holder !== null) continue
    const { path } = def.symbol
    return path.endsWith(`.${def.name}`) ? path.slice(0, -def.name.length - 1) : ''
  }
  return ''
}
