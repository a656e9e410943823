import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import { distinct, entitiesOf } from '../lookup.js'
import { Memo } from '../memo.js'
import { EXTERNAL_ENTITY, type Def, type Entity, type FileScope, type Unit } from '../model.js'
import type { FoundSymbols } from '../public-api.js'
import type { Container, Linker, Rules } from '../rules.js'
import { pythonPublicApi } from './python-public-api.js'
import { PythonModules } from './python-modules.js'
import { readPythonType } from './python-types.js'

const LIST: Container = { index: 0, item: 0, methods: { pop: 0, copy: 'self', popleft: 0 } }
const DICT: Container = {
  index: 1,
  item: 0,
  methods: { get: 1, pop: 1, setdefault: 1, values: [1], keys: [0], copy: 'self' },
}
const AWAITED: Container = { awaited: 0 }
const named = (names: readonly string[], container: Container): Record<string, Container> =>
  Object.fromEntries(names.map((name) => [name, container]))

/** Python: modules by dotted paths, packages by their `__init__.py`. */
export const python: Rules = Object.freeze<Rules>({
  languages: ['Python'],
  readType: readPythonType,
  membersInScope: false,
  constructorNames: () => ['__init__', '__new__'],
  inheritsConstructors: true,
  callsMakeInstances: true,
  containers: {
    ...named(
      [
        '[]',
        'list',
        'List',
        'set',
        'Set',
        'frozenset',
        'FrozenSet',
        'Sequence',
        'MutableSequence',
        'Iterable',
        'Iterator',
        'Collection',
        'deque',
        'Deque',
      ],
      LIST,
    ),
    ...named(['Generator', 'AsyncIterator', 'AsyncIterable', 'AsyncGenerator', 'KeysView', 'ValuesView', 'AbstractSet', 'MutableSet'], {
      item: 0,
    }),
    ...named(['dict', 'Dict', 'Mapping', 'MutableMapping', 'defaultdict', 'DefaultDict', 'OrderedDict'], DICT),
    ...named(['Awaitable', 'Coroutine', 'Future', 'Task'], AWAITED),
  },
  wrapAsync: true,
  choose: chooseLast,
  link: (files, packages) => new PythonLinker(files, packages),
})

/** `@overload`s and their implementation are one function; the same name twice for another reason is decided when it runs. */
function chooseLast(candidates: readonly Def[]): readonly Def[] {
  if (candidates.length < 2) return candidates
  const real = candidates.filter((def) => !def.symbol.attributes.some((attribute) => /\boverload\b/.test(attribute)))
  if (real.length === 0) return candidates.slice(0, 1)
  const [first] = real
  if (real.length === 1) return real
  // A property with its setter and deleter.
  const accessors = real.slice(1).every((def) => def.symbol.attributes.some((each) => /\.(?:setter|deleter|getter|register)\b/.test(each)))
  return first !== undefined && accessors ? [first] : []
}

export class PythonLinker implements Linker {
  private readonly members = new Memo<Entity>()
  private readonly modules: PythonModules

  constructor(
    private readonly files: readonly FileScope[],
    packages: PackageFacts,
  ) {
    this.modules = new PythonModules(files, packages)
  }

  unitsOf(file: FileScope, { path }: Reference): readonly Unit[] {
    const module = this.modules.resolve(path[0] ?? '', file.file)
    return module === undefined ? [] : [module]
  }

  imported(file: FileScope, reference: Reference): readonly Entity[] {
    const { path, alias } = reference
    const [unit] = this.unitsOf(file, reference)
    if (unit === undefined) return [EXTERNAL_ENTITY]
    const name = path[1]
    return name === undefined || alias === '*' ? [{ tag: 'unit', unit }] : this.member(unit, name)
  }

  member(unit: Unit, name: string): readonly Entity[] {
    return this.members.of(`${unit.key}\n${name}`, () => this.attribute(unit, name))
  }

  /** `import a.b.c` binds `a`. */
  shared(file: FileScope, from: Def | null, name: string): readonly Entity[] {
    for (let def: Def | null | undefined = from; def !== undefined; def = def === null ? undefined : def.holder) {
      const imports = file.imports.get(def?.id ?? '')
      for (const alias of imports?.named.keys() ?? []) {
        if (!alias.startsWith(`${name}.`)) continue
        const module = this.modules.resolve(name, file.file)
        return module === undefined ? [EXTERNAL_ENTITY] : [{ tag: 'unit', unit: module }]
      }
    }
    return []
  }

  publicApi(): FoundSymbols {
    return pythonPublicApi(this.files, this)
  }

  /** A module has what it defines, what it imports, and its submodules. */
  private attribute(unit: Unit, name: string): readonly Entity[] {
    const file = unit.files[0]
    if (file !== undefined) {
      const own = file.names.get(name)
      if (own !== undefined) return entitiesOf(own)
      const imports = file.imports.get('')
      const named = imports?.named.get(name)
      if (named !== undefined) return distinct(named.flatMap((each) => this.imported(file, each)))
    }
    const submodule = this.modules.submodule(unit, name)
    if (submodule !== undefined) return [{ tag: 'unit', unit: submodule }]
    for (const glob of file?.imports.get('')?.globs ?? []) {
      const found = file === undefined ? [] : this.unitsOf(file, glob).flatMap((each) => this.member(each, name))
      if (found.length > 0) return distinct(found)
    }
    return []
  }
}
