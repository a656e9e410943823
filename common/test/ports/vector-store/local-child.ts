/** Run by local.test.ts: one of several writers, each rewriting its own fifty points again and again so that compactions come. */
import { createLocalVectorStore } from '../../../src/ports/vector-store/local.js'
import { point } from './conformance.js'

const [folder = '', number = ''] = process.argv.slice(2)
const store = await createLocalVectorStore({ folder, compactFromBytes: 100_000 })
const points = Array.from({ length: 50 }, (_, index) => point({ symbol: `s${index}`, commit: `writer-${number}` }))
for (let turn = 0; turn < 40; turn += 1) await store.upsert(points.slice(turn % 5, 50))
await store.upsert(points)
await store.close()
