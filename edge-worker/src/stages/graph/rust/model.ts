/** The repository as the resolver sees it: modules, definitions and scopes. The standard library's stand-ins have the same shape and no id. */
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Bound, Param, Type } from './type-model.js'
import type { TypeSyntax } from './type-text.js'

export type Namespace = 'type' | 'value' | 'macro'

export interface Module {
  readonly crate: Crate
  readonly parent: Module | null
  readonly name: string
  /** The file, or the inline module's symbol, that stands for it in the graph; `null` where only a folder tells of it. */
  node: string | null
  readonly children: Map<string, Module[]>
  readonly names: Readonly<Record<Namespace, Map<string, Definition[]>>>
  readonly imports: Map<string, Import[]>
  readonly globs: Import[]
  /** `use Trait as _`. */
  readonly nameless: Import[]
  isTest: boolean
  /** Declared under a `#[cfg]`. */
  isConditional: boolean
}

export interface Crate {
  readonly name: string
  /** Folder of its package. */
  readonly folder: string
  readonly isLibrary: boolean
  root: Module
}

export interface Import {
  readonly path: readonly string[]
  readonly isPublic: boolean
  /** Where the path is read. */
  readonly module: Module
}

export type Definition =
  | { readonly tag: 'module'; readonly module: Module }
  | TypeDef
  | TraitDef
  | AliasDef
  | FnDef
  | ValueDef
  | MacroDef
  | { readonly tag: 'variant'; readonly type: TypeDef; readonly name: string }
  | { readonly tag: 'external'; readonly path: readonly string[] }

interface Defined {
  /** `null` for what is not of this repository. */
  readonly id: SymbolId | null
  readonly name: string
  readonly scope: Scope
  /** Exists in tests only. */
  readonly isTest: boolean
}

export interface TypeDef extends Defined {
  readonly tag: 'type'
  readonly params: readonly Param[]
  /** Type as written by name; of an enum `Variant.0`. */
  readonly fields: Map<string, TypeSyntax>
  readonly variants: Set<string>
  readonly derives: readonly string[]
  /** Of what we know nothing but the path: it may have methods that we cannot see. */
  readonly isOpaque: boolean
}

export interface TraitDef extends Defined {
  readonly tag: 'trait'
  readonly params: readonly Param[]
  readonly self: Param
  readonly methods: Map<string, FnDef[]>
  readonly assocBounds: Map<string, readonly TypeSyntax[]>
  readonly supertraits: readonly TypeSyntax[]
  /** Impls for a type parameter: `impl<T: Read> ReadExt for T`. */
  readonly blanket: Impl[]
  /** Of another crate: its methods are not known. */
  readonly isOpaque: boolean
}

export interface Impl {
  readonly id: SymbolId | null
  readonly scope: Scope
  readonly params: readonly Param[]
  readonly self: Type
  readonly trait: Bound | null
  readonly methods: Map<string, FnDef[]>
  readonly assoc: Map<string, TypeSyntax>
  readonly isTest: boolean
}

export interface AliasDef extends Defined {
  readonly tag: 'alias'
  readonly params: readonly Param[]
  readonly type: TypeSyntax
}

export interface FnDef extends Defined {
  readonly tag: 'fn'
  readonly params: readonly Param[]
  /** Without self. */
  readonly inputs: readonly TypeSyntax[]
  readonly hasSelf: boolean
  /** `self: Pin<&mut Self>`: what is called on a pin belongs to what is pinned. */
  readonly isPinned: boolean
  readonly output: TypeSyntax | null
  readonly owner: Impl | TraitDef | null
  readonly isConditional: boolean
}

export interface ValueDef extends Defined {
  readonly tag: 'value'
  readonly type: TypeSyntax
  /** A `static` in a macro's tokens is as a rule a `thread_local!`. */
  readonly inMacro: boolean
}

export interface MacroDef {
  readonly tag: 'macro'
  readonly id: SymbolId
  readonly name: string
}

/** Where a name is looked up: items of functions, generics, `Self`, then the module. */
export interface Scope {
  readonly parent: Scope | null
  readonly module: Module
  readonly generics: Map<string, Param>
  /** `Self`: told once the impl's own header is read. */
  self: Type | null
  /** Of a function's own scope. */
  fn: FnDef | null
  /** Items and imports inside a function. */
  readonly local: Pick<Module, 'names' | 'imports' | 'globs' | 'nameless'> | null
  readonly isTest: boolean
}
