import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { RepositoryModel } from './build-model.js'
import { lookupParam } from './build-model.js'
import type { Scope } from './model.js'
import type { Names } from './names.js'
import type { PendingImpl } from './std-model.js'
import { parseType, type TypeSyntax } from './type-text.js'

/** The repository's symbols that the head of a type may mean; none where it is a parameter, a tuple or of another crate. */
export interface Head {
  readonly symbols: readonly SymbolId[]
  /** A name that nothing written here has: a macro makes the type. */
  readonly made?: string
}

export interface ImplHeader {
  readonly self: Head
  /** `null` of an inherent impl. */
  readonly trait: Head | null
  /** `From<Private>` shows a type that a user cannot have. */
  readonly traitArguments: readonly Head[]
}

const NONE: Head = { symbols: [] }
const MAX_ALIASES = 8

/** What impls are for, as far as it decides who can see them. */
export class ImplHeads {
  private readonly pending = new Map<SymbolId, PendingImpl>()

  constructor(
    private readonly model: RepositoryModel,
    private readonly names: Names,
  ) {
    for (const each of model.impls) if (each.impl.id !== null) this.pending.set(each.impl.id, each)
  }

  of(impl: Symbol): ImplHeader {
    const pending = this.pending.get(impl.id)
    if (pending === undefined) return this.ofNegative(impl)
    const { scope, self, trait } = pending
    const args = trait?.kind === 'path' ? (trait.segments[trait.segments.length - 1]?.args ?? []) : []
    return {
      self: this.headOf(self, scope),
      trait: trait === null ? null : this.headOf(trait, scope),
      traitArguments: args.map((arg) => this.headOf(arg, scope)),
    }
  }

  /** `impl !Send for Foo {}` says nothing about types that resolving calls would need. */
  private ofNegative(impl: Symbol): ImplHeader {
    const scope = this.model.scopeOf(impl.file, impl.id)
    return { self: scope === undefined ? NONE : this.headOf(parseType(impl.name), scope), trait: NONE, traitArguments: [] }
  }

  headOf(syntax: TypeSyntax, scope: Scope, aliases = 0): Head {
    if (syntax.kind === 'ref') return this.headOf(syntax.inner, scope, aliases)
    if (syntax.kind === 'bounded') return syntax.bounds[0] === undefined ? NONE : this.headOf(syntax.bounds[0], scope, aliases)
    if (syntax.kind !== 'path' || syntax.qualified !== null) return NONE
    const names = syntax.segments.map(({ name }) => name)
    if (names.length === 1 && lookupParam(scope, names[0] ?? '') !== undefined) return NONE
    const { definitions, rest } = this.names.resolve(names, scope, 'type')
    // Where `#[cfg]` chooses between another crate's and one of our own, the other crate's can be seen.
    if (rest.length > 0 || definitions.some(({ tag }) => tag === 'external')) return NONE
    if (definitions.length === 0) return { symbols: [], made: names[names.length - 1] ?? '' }
    const symbols = definitions.flatMap((definition): readonly SymbolId[] => {
      if (definition.tag === 'alias' && aliases < MAX_ALIASES) return this.headOf(definition.type, definition.scope, aliases + 1).symbols
      return (definition.tag === 'type' || definition.tag === 'trait') && definition.id !== null ? [definition.id] : []
    })
    return { symbols }
  }
}
