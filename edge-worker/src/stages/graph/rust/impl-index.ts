import type { Impl, TraitDef } from './model.js'

const NONE: readonly Impl[] = []

/** The impls for one type, found by what they have: a type may have thousands of them, and is asked for each call. */
export class ImplIndex {
  private readonly byMethod = new Map<string, Impl[]>()
  private readonly byAssoc = new Map<string, Impl[]>()
  private readonly byTrait = new Map<TraitDef, Impl[]>()

  add(impl: Impl): void {
    const trait = impl.trait?.trait
    for (const name of new Set([...impl.methods.keys(), ...(trait?.methods.keys() ?? [])])) put(this.byMethod, name, impl)
    for (const name of impl.assoc.keys()) put(this.byAssoc, name, impl)
    if (trait !== undefined) put(this.byTrait, trait, impl)
  }

  /** With a method of this name, its own or the trait's. */
  withMethod(name: string): readonly Impl[] {
    return this.byMethod.get(name) ?? NONE
  }

  withAssoc(name: string): readonly Impl[] {
    return this.byAssoc.get(name) ?? NONE
  }

  ofTrait(trait: TraitDef): readonly Impl[] {
    return this.byTrait.get(trait) ?? NONE
  }
}

function put<Key>(map: Map<Key, Impl[]>, key: Key, impl: Impl): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [impl])
  else list.push(impl)
}
