import type { Def } from './model.js'
import { substitution, type Substitution, type Type } from './types.js'
import type { World } from './world.js'

export interface FoundMembers {
  readonly defs: readonly Def[]
  /** The class that declares them, and what its type parameters stand for there. */
  readonly owner: Def
  readonly by: Substitution
  readonly isInherited: boolean
}

/** Classes above one that are looked at: a hierarchy this wide is generated code. */
const MAX_SUPERS = 200

/** Members of classes, their own first, then what they inherit, level by level. */
export class Members {
  constructor(private readonly world: World) {}

  find(def: Def, args: readonly Type[], name: string): FoundMembers | null {
    return this.search(def, args, (owner) => owner.members.get(name) ?? [])
  }

  /** A field's type: declared as a fact, or as a symbol of its own, or what a getter gives. */
  fieldType(def: Def, args: readonly Type[], name: string): Type | null {
    let type: Type | null = null
    this.walk(def, args, (owner, by) => {
      const written = owner.fields.get(name)
      if (written === undefined || written === '') return false
      type = this.world.types.ofText(written, { from: owner, file: owner.file }, by)
      return true
    })
    return type
  }

  inherits(def: Def, from: Def): boolean {
    let found = false
    this.walk(def, [], (owner) => (found ||= owner === from))
    return found
  }

  /** Something above it is not of this repository, and may have any member. */
  hasUnknownParent(def: Def): boolean {
    let unknown = false
    this.walk(def, [], (owner) => {
      unknown ||= this.world.types.supers(owner, []).some((type) => type.kind !== 'instance')
      return unknown
    })
    return unknown
  }

  private search(def: Def, args: readonly Type[], of: (owner: Def) => readonly Def[]): FoundMembers | null {
    let result: FoundMembers | null = null
    this.walk(def, args, (owner, by) => {
      const defs = of(owner)
      if (defs.length === 0) return false
      result = { defs, owner, by, isInherited: owner !== def }
      return true
    })
    return result
  }

  /** Each class once, nearest first, until `visit` says that it has what it wants. */
  private walk(def: Def, args: readonly Type[], visit: (owner: Def, by: Substitution) => boolean): void {
    const queue: { readonly def: Def; readonly args: readonly Type[] }[] = [{ def, args }]
    const seen = new Set<Def>([def])
    for (let at = 0; at < queue.length && at < MAX_SUPERS; at++) {
      const next = queue[at]
      if (next === undefined || visit(next.def, substitution(next.def, next.args))) return
      for (const type of this.world.types.supers(next.def, next.args)) {
        const parents = type.kind === 'any_of' ? type.items : [type]
        for (const parent of parents) {
          if (parent.kind !== 'instance' || seen.has(parent.def)) continue
          seen.add(parent.def)
          queue.push(parent)
        }
      }
    }
  }
}
