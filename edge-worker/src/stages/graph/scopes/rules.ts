import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import type { Def, Entity, FileScope, Unit } from './model.js'
import type { FoundSymbols } from './public-api.js'
import type { ReadType } from './type-syntax.js'

/** What the resolver must know of a family of languages whose files see each other. */
export interface Rules {
  /** As `ParsedFile.language` has them. */
  readonly languages: readonly string[]
  readonly readType: ReadType
  /** A method's bare name is no value: a field and a method may share it (Java). */
  readonly functionsAreNoValues?: true
  /** Members of a class are seen inside it by their bare names. */
  readonly membersInScope: boolean
  /** Names that a constructor's symbol may have. */
  readonly constructorNames: (type: Def) => readonly string[]
  /** A class without a constructor is made by its parent's. */
  readonly inheritsConstructors: boolean
  /** A call of a class by its name makes an instance (Python, C++); a conversion (Go) or nothing at all elsewhere. */
  readonly callsMakeInstances: boolean
  /** Types of the standard library by name, where they hold others. */
  readonly containers: Readonly<Record<string, Container | undefined>>
  /** What an async function gives back, where its own text does not say so. */
  readonly wrapAsync: boolean
  /** Of several definitions of one name, in one place, those that a call reaches; none when that cannot be told. */
  readonly choose: (candidates: readonly Def[], arity: number | null) => readonly Def[]
  readonly link: (files: readonly FileScope[], packages: PackageFacts) => Linker
}

/** Where imports lead. All answers are by what the files say; nothing is guessed from a name alone. */
export interface Linker {
  /** What a named import binds. */
  imported(file: FileScope, reference: Reference): readonly Entity[]
  /** The module that an import names, which a `*` opens and a file-to-file edge leads to. */
  unitsOf(file: FileScope, reference: Reference): readonly Unit[]
  /** What a module, package or namespace has under a name, re-exports included. */
  member(unit: Unit, name: string): readonly Entity[]
  /** What a file sees without its own import: its package, its folder, what it includes. */
  shared(file: FileScope, from: Def | null, name: string): readonly Entity[]
  /** The one definition of functions that are only declared where they are seen, the others as they are. */
  definitions?(declared: readonly Def[]): readonly Def[]
  /** What users reach and by which path, where files together say more of it than each by itself. */
  publicApi?(): FoundSymbols
}

/** Which of a standard type's parameters comes out of it, by position. */
export interface Container {
  readonly index?: number
  readonly item?: number
  readonly awaited?: number
  readonly deref?: number
  /** What a method gives: a parameter, the same type again, or a list of a parameter. */
  readonly methods?: Readonly<Record<string, number | 'self' | readonly [number] | undefined>>
  /** Methods that hand their items to a function, and which parameter of the type that function's own parameters get. */
  readonly callbacks?: Readonly<Record<string, readonly number[] | undefined>>
}
