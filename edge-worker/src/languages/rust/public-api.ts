import { hasAttribute, isTestOnly } from './attributes.js'
import type { ModulePlace } from './module-path.js'
import type { Item } from './walk-items.js'

/**
 * Which items claim to be part of the public interface, by their own words: `pub`, items of public traits, items of trait
 * impls, exported macros. Tests, examples, benches and what is local to a function are not. Whether a path from outside
 * leads there is for the whole repository to say, not for one file.
 */
export function publicItems(items: readonly Item[], attributes: readonly (readonly string[])[], place: ModulePlace): boolean[] {
  const hidden: boolean[] = []
  const result: boolean[] = []
  for (const [index, item] of items.entries()) {
    const parent = items[item.parent]
    const own = attributes[index] ?? []
    hidden.push(!place.library || isTestOnly(own) || (parent !== undefined && (hidden[item.parent] === true || LOCAL.has(parent.type))))
    result.push(hidden[index] === false && isNamedPublic(item, parent, result[item.parent] === true, own))
  }
  // An inherent impl is public as soon as one of its members is.
  for (const [index, item] of items.entries()) {
    if (result[index] === true && items[item.parent]?.type === 'impl_item') result[item.parent] = true
  }
  return result
}

const LOCAL = new Set(['function_item', 'function_signature_item', 'const_item', 'static_item'])

function isNamedPublic(item: Item, parent: Item | undefined, parentPublic: boolean, attributes: readonly string[]): boolean {
  if (item.type === 'macro_definition') return hasAttribute(attributes, 'macro_export')
  if (item.type === 'impl_item') return item.header.trait !== null
  if (parent?.type === 'trait_item') return parentPublic
  if (parent?.type === 'impl_item' && parent.header.trait !== null) return true
  return item.header.visibility === 'pub'
}
