import type { Composition } from './facts/compose.js'

/**
 * One summary for each composition, no two alike as long as their facts differ: every summary has its lead and, where there is one,
 * the first telling sentence; those that are still equal to others get, one at a time, the first sentence that is not the same for all of them.
 * `used` holds the places of the further sentences that the summary took.
 */
export function uniqueSummaries(compositions: readonly Composition[]): { readonly summary: string; readonly used: ReadonlySet<number> }[] {
  const used = compositions.map((composition) => new Set(composition.further.findIndex(isTelling) === 0 ? [0] : []))
  const text = (at: number): string => {
    const { lead, further } = compositions[at] ?? { lead: '', further: [] }
    return [lead, ...further.filter((_, place) => used[at]?.has(place) === true)].join(' ')
  }
  let open = compositions.map((_, at) => at)
  while (open.length > 0) {
    const alike = new Map<string, number[]>()
    for (const at of open) {
      const group = alike.get(text(at))
      if (group === undefined) alike.set(text(at), [at])
      else group.push(at)
    }
    open = [...alike.values()].flatMap((group) => (group.length > 1 && tellApart(group, compositions, used) ? group : []))
  }
  return compositions.map((_, at) => ({ summary: text(at), used: used[at] ?? new Set<number>() }))
}

/** Gives each of the group its first sentence that some other of the group has not; false when all sentences are the same. */
function tellApart(group: readonly number[], compositions: readonly Composition[], used: readonly Set<number>[]): boolean {
  const holders = new Map<string, number>()
  for (const at of group) for (const sentence of compositions[at]?.further ?? []) holders.set(sentence, (holders.get(sentence) ?? 0) + 1)
  let isChanged = false
  for (const at of group) {
    const place = (compositions[at]?.further ?? []).findIndex(
      (sentence, index) => (holders.get(sentence) ?? 0) < group.length && used[at]?.has(index) !== true,
    )
    if (place < 0) continue
    used[at]?.add(place)
    isChanged = true
  }
  return isChanged
}

/** A sentence about the graph; a place or a declaration is said only to tell two symbols apart. */
const isTelling = (sentence: string): boolean => /^(?:Calls|Called|Implement)/.test(sentence)
