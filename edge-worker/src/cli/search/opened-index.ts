import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import type { ItemVectors } from '@doctown/common/search/item.js'
import type { SearchHit, SearchIndex, SearchOptions } from '@doctown/common/search/search-index.js'
import { joinModels, joinVectors } from '@doctown/common/search/second-model.js'
import type { ReadItem } from '../../pipeline/search-items.js'

/** An index with the models that its vectors are of: a text in, ranked items out. */
export interface OpenedIndex {
  readonly size: number
  /** What a person should know of this index, such as that it has no vectors. */
  readonly notes: readonly string[]
  find(query: string, options: SearchOptions): Promise<SearchHit[]>
}

/** Models that items and queries are embedded with; `text` is a second one whose similarity is added to the first one's. */
export interface IndexModels {
  readonly small: Embedder
  readonly text: Embedder | null
}

/** Items that the second model embeds between two words of progress: a few seconds of a transformer on two cores. */
const A_PORTION = 128

/** A row an item, by all the models. `told` hears how far the second one is, which takes most of the time; the first is done in a moment. */
export async function embedItems(
  read: readonly ReadItem[],
  models: IndexModels,
  signal: AbortSignal,
  told: (done: number, total: number) => void,
): Promise<ItemVectors> {
  const documents = read.map(({ item, fields }) => ({ text: `${item.path}::${item.name}\n${item.head}${item.body}`, fields }))
  const rows = ({ model: { dimensions } }: Embedder, values: Float32Array): ItemVectors => ({
    dimensions,
    values,
    itemOfRow: Int32Array.from(read, (_, i) => i),
  })
  const small = rows(models.small, await models.small.embedDocuments(documents, { signal }))
  if (models.text === null) return small
  const values = new Float32Array(read.length * models.text.model.dimensions)
  for (let from = 0; from < read.length; from += A_PORTION) {
    told(from, read.length)
    const portion = await models.text.embedDocuments(documents.slice(from, from + A_PORTION), { signal })
    values.set(portion, from * models.text.model.dimensions)
  }
  return joinModels(small, rows(models.text, values))
}

/** `models: null` searches by words alone. */
export function openIndex(index: SearchIndex, models: IndexModels | null, notes: readonly string[]): OpenedIndex {
  return {
    size: index.size,
    notes,
    async find(query, options) {
      const read = index.read(query)
      if (models === null || options.mode === 'bm25') return index.search(read, null, options)
      const small = await models.small.embedQueries([read.corrected])
      const vector = models.text === null ? small : joinVectors(small, await models.text.embedQueries([read.corrected]))
      return index.search(read, vector, options)
    },
  }
}
