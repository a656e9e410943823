import type { OutlineItem } from '../outline.js'
import { shortSegment } from '../written-text.js'
import { commentText } from './comments.js'
import type { Item, WalkedItems } from './item.js'
import type { ModulePlace } from './module-path.js'
import { documentedTypes } from './jsdoc-types.js'
import { publicItems } from './public-api.js'
import { signatureOf } from './signature.js'

/** The items of a file with what is known of each, in the same order. JavaScript writes its types in the docs. */
export function outlineItems(walked: WalkedItems, text: string, place: ModulePlace, hasTypesInDocs: boolean): OutlineItem[] {
  const { items } = walked
  const holders = holdersOf(items)
  const docs = items.map((item) => (item.docs === null ? null : commentText(text, item.docs)))
  const isPublic = publicItems(walked, { place, holders, isHidden: (index) => HIDING_TAG.test(docs[index] ?? '') })
  return items.map((item, index): OutlineItem => {
    const holder = holders[index] ?? -1
    const told = hasTypesInDocs && CALLABLE.has(item.type) ? documentedTypes(docs[index]) : null
    // A name put on what stands further down, or in no file of ours, is named after it all the same.
    const isFar = item.owner !== null && (holder === -1 || holder > index)
    return {
      name: item.name,
      type: item.type,
      start: item.start,
      head: item.head,
      body: item.body,
      end: item.end,
      parent: isFar ? -1 : holder,
      ...(isFar ? { prefix: shortSegment(item.owner ?? '') } : {}),
      signature: signatureOf(item, text),
      parameters:
        told === null
          ? item.parameters
          : item.parameters.map(({ name, param_type: type }) => ({ name, param_type: type || (told.parameters.get(name) ?? '') })),
      returnType: item.returnType ?? told?.returns ?? null,
      docs: docs[index] ?? null,
      attributes: item.decorators,
      visibility: item.visibility,
      isPublic: isPublic[index] ?? false,
    }
  })
}

const CALLABLE: ReadonlySet<string> = new Set(['function', 'method'])

/** Tags by which a comment takes its symbol out of the public interface. */
const HIDING_TAG = /^\s*@(?:internal|private|hidden|ignore)\b/m

/**
 * Index of the item that holds each item, -1 for none: the one it is written in, or that an assignment such as
 * `Router.prototype.use = ..` puts it on.
 */
function holdersOf(items: readonly Item[]): number[] {
  const tops = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    if (item.owner === null && item.parent === -1 && !tops.has(item.name)) tops.set(item.name, index)
  }
  return items.map((item) => (item.owner === null ? item.parent : (tops.get(item.owner) ?? -1)))
}
