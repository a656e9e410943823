import { VectorTable } from '../../runtime/vector-table.js'
import { tableCandidates, type Kept } from './table-candidates.js'
import { assertNotEmptyFilter, assertPointFits, assertQueryFits, differentDimensions, matchesFilter, type VectorStore } from './port.js'

/** Points in this process, gone with it. */
export function createMemoryVectorStore(): VectorStore {
  const table = new VectorTable<Kept>()
  const dimensions = (name: string): number | undefined => table.dimensions(name)

  return {
    async prepare(wanted) {
      for (const [name, size] of Object.entries(wanted)) {
        const there = table.dimensions(name)
        if (there !== undefined && there !== size) throw differentDimensions(name, there, size)
      }
      for (const [name, size] of Object.entries(wanted)) table.addColumn(name, size)
    },

    async upsert(points, options = {}) {
      options.signal?.throwIfAborted()
      for (const point of points) assertPointFits(point, dimensions)
      for (const { id, vectors, payload, sparse } of points) table.set({ id, vectors, payload: { payload, sparse } })
    },

    count: async (filter) => table.count(({ payload }) => matchesFilter(payload, filter)),

    async remove(filter) {
      assertNotEmptyFilter(filter)
      table.remove(({ payload }) => matchesFilter(payload, filter))
    },

    async search({ vector, values, limit, filter = {} }) {
      assertQueryFits(vector, values, dimensions)
      const hits = table.search(vector, values, limit, ({ payload }) => matchesFilter(payload, filter))
      return hits.map(({ id, score, payload }) => ({ id, score, payload: payload.payload }))
    },

    async candidates(query) {
      for (const [name, values] of Object.entries(query.near)) assertQueryFits(name, values, dimensions)
      return tableCandidates(table, query)
    },

    async close() {},
  }
}
