import type { WalkedItems } from './item.js'
import type { ModulePlace } from './module-path.js'

export interface PublicInput {
  readonly place: ModulePlace
  /** Index of the item that holds each item, -1 for none. */
  readonly holders: readonly number[]
  /** Its comment says that it is not for users. */
  readonly isHidden: (index: number) => boolean
}

/**
 * Which items claim to be part of the public interface, by this file's own words: exported names, and of what is public every
 * member that is neither `private` nor `#private`. Protected members count: whoever writes a subclass uses them.
 * Whether an entry point of the package leads to the file is for the whole repository to say.
 */
export function publicItems({ items, exports }: WalkedItems, { place, holders, isHidden }: PublicInput): boolean[] {
  const names = new Set(exports.map(({ local, parent }) => `${parent} ${local}`))
  const result: boolean[] = items.map(() => false)
  if (place.isInternal) return result
  const decide = (index: number): boolean => {
    const item = items[index]
    if (item === undefined || isHidden(index) || item.visibility === 'private' || item.visibility === '#private') return false
    const holder = holders[index] ?? -1
    const isNamed = item.isExported || names.has(`${holder} ${item.name}`)
    return isNamed && (holder === -1 ? item.owner === null : result[holder] === true)
  }
  // A holder may stand behind what is put on it (`Foo.bar = ..` before `function Foo`), so that those come last.
  for (const [index, item] of items.entries()) if (item.owner === null) result[index] = decide(index)
  for (const [index, item] of items.entries()) if (item.owner !== null) result[index] = decide(index)
  return result
}
