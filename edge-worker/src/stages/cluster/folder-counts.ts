import { heaviest } from './heaviest.js'

/** How many nodes of each community lie in each file and each folder. */
export interface FolderCounts {
  /** The community that holds most of the node's file, or of the nearest folder above; `own` where there is no other at all. */
  nearest(node: number, own: number): number
  move(node: number, to: number): void
}

/** `files` and `communities` are by node; the counts follow by `move` alone. */
export function createFolderCounts(files: readonly string[], communities: Uint32Array): FolderCounts {
  const held = Uint32Array.from(communities)
  const counts = new Map<string, Map<number, number>>()
  const change = (node: number, by: number): void => {
    for (const place of placesOf(files[node] ?? '')) {
      const row = counts.get(place) ?? new Map<number, number>()
      counts.set(place, row)
      const left = (row.get(held[node]!) ?? 0) + by
      if (left === 0) row.delete(held[node]!)
      else row.set(held[node]!, left)
    }
  }
  held.forEach((_, node) => change(node, 1))
  return {
    nearest(node, own) {
      for (const place of placesOf(files[node] ?? '')) {
        const others = new Map(counts.get(place))
        others.delete(own)
        const found = heaviest(others)
        if (found !== undefined) return found
      }
      return own
    },
    move(node, to) {
      change(node, -1)
      held[node] = to
      change(node, 1)
    },
  }
}

/** The file itself first, then its folders up to the root, `""`, under which everything lies. */
function* placesOf(file: string): Generator<string> {
  for (let place = file; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) yield place
  yield ''
}
