import assert from 'node:assert/strict'
import { DocpackRecordSchema, recordKey, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { POINTS_VERSION } from '@doctown/common/contracts/points-version.js'
import { JobIdSchema } from '@doctown/common/contracts/ids.js'
import { createMemoryObjectStore } from '@doctown/common/ports/object-store/memory.js'
import { createMemoryVectorStore } from '@doctown/common/ports/vector-store/memory.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { PAYLOAD_TEXT_BYTES, type VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { sparseQuery } from '@doctown/common/search/sparse.js'
import { sha256Hex } from '@doctown/common/runtime/bytes.js'
import type { PackageOutput, PublishInput, PublishOutput, PublishPorts } from '../../../src/pipeline/stage-io.js'
import { packageStage } from '../../../src/stages/package/stage.js'
import { healPendingIndexes } from '../../../src/stages/publish/heal-pending-indexes.js'
import { publishStage } from '../../../src/stages/publish/stage.js'
import { sweepObjects } from '../../../src/stages/publish/sweep-objects.js'
import { stageContext } from '../context.js'
import { packageInput, type PackageSketch } from '../package/package-fixture.js'

const log = { debug: () => {}, info: () => {}, warn: () => {} }
const REPO = 'github.com/o/sample'

/** Packed once a sketch: a stage test may need the same docpack a hundred times. */
const packed = new Map<string, Promise<PackageOutput>>()

async function publishInput(job: string, sketch: PackageSketch = {}): Promise<PublishInput> {
  const input = packageInput(sketch)
  const key = JSON.stringify(sketch)
  const docpack = packed.get(key) ?? Promise.resolve(packageStage.run(input, stageContext({})))
  packed.set(key, docpack)
  return {
    job_id: JobIdSchema.parse(job),
    docpack: await docpack,
    symbols: input.symbols,
    graph: input.graph,
    embedded: input.embedded,
    searchTexts: input.searchTexts,
    structure: input.structure,
    private: false,
    execution_provider: 'typescript',
    duration_ms: 1234,
    cost_usd: 0,
    built_at: `2026-11-22T00:00:${job.padStart(2, '0')}.000Z`,
  }
}

interface Stores extends PublishPorts {
  readonly objectStore: ObjectStore
  readonly vectorStore: VectorStore
}
const stores = (keepPerRepository = 5): Stores => ({
  objectStore: createMemoryObjectStore(),
  vectorStore: createMemoryVectorStore(),
  keepPerRepository,
})
const publish = async (input: PublishInput, ports: PublishPorts): Promise<PublishOutput> => publishStage.run(input, stageContext(ports))

async function records({ objectStore }: PublishPorts): Promise<DocpackRecord[]> {
  const keys = (await objectStore.list('records/')).map(({ key }) => key)
  return Promise.all(
    keys.map(async (key) => DocpackRecordSchema.parse(JSON.parse(Buffer.from((await objectStore.get(key)) ?? []).toString()))),
  )
}

/** Everything a stranger can see afterwards. */
async function state(ports: PublishPorts): Promise<unknown> {
  const objects = await Promise.all(
    (await ports.objectStore.list('')).map(async ({ key }) => [key, sha256Hex((await ports.objectStore.get(key)) ?? new Uint8Array())]),
  )
  const found = await ports.vectorStore.search({ vector: 'small', values: new Float32Array(8).fill(1), limit: 10_000 })
  return { objects, points: found, count: await ports.vectorStore.count({}) }
}

describe('the publish stage', () => {
  it('puts object, points and record on the shelf', async () => {
    const ports = stores()
    const input = await publishInput('7')
    assert.equal(publishStage.input.safeParse(input).success, true)
    const output = await publish(input, ports)
    assert.deepEqual(output, { docpack_id: input.docpack.docpack_id, key: 'docpacks/7.docpack', index_pending: false })
    assert.ok(Buffer.from((await ports.objectStore.get(output.key)) ?? []).equals(input.docpack.bytes))
    const [record] = await records(ports)
    assert.equal(record?.key, output.key)
    assert.equal(record?.sha256, input.docpack.sha256)
    assert.equal(record?.symbol_count, 5)
    assert.equal(record?.size_bytes, input.docpack.bytes.byteLength)
    assert.equal(record?.verified_share, null)
    assert.equal(record?.visibility, 'public')
    assert.equal(await ports.vectorStore.count({ repo_url: REPO, commit_sha: 'a'.repeat(40) }), 5)
  })

  it('gives a point the normalised mean of its chunks, its structure row and where it is', async () => {
    const ports = stores()
    const input = await publishInput('1')
    await publish(input, ports)
    const [first, second] = input.embedded
    assert.ok(first !== undefined && second !== undefined)
    const sum = first.small.map((value, index) => value + (second.small[index] ?? 0))
    const [hit] = await ports.vectorStore.search({ vector: 'small', values: sum, limit: 1 })
    assert.ok(Math.abs((hit?.score ?? 0) - 1) < 1e-6)
    assert.equal(hit?.payload.symbol_id, input.symbols[0]?.id)
    assert.deepEqual([hit?.payload.file, hit?.payload.start_line, hit?.payload.end_line], ['src/lib.rs', 3, 5])
    const [near] = await ports.vectorStore.search({
      vector: 'structure',
      values: input.structure?.values.slice(8, 12) ?? new Float32Array(4),
      limit: 1,
    })
    assert.equal(near?.payload.symbol_id, input.graph.nodes[2]?.id)
  })

  it('removes the points of an older commit, and those a build of the same commit had more', async () => {
    const ports = stores()
    await publish(await publishInput('1', { symbols: 9 }), ports)
    await publish(await publishInput('2', { symbols: 6 }), ports)
    assert.equal(await ports.vectorStore.count({ repo_url: REPO }), 6)
    await publish(await publishInput('3', { symbols: 4, commit: 'b'.repeat(40), repoUrl: 'github.com/O/Sample' }), ports)
    assert.equal(await ports.vectorStore.count({}), 4)
    await publish(await publishInput('4', { symbols: 3, repoUrl: 'github.com/other/sample' }), ports)
    assert.equal(await ports.vectorStore.count({}), 7)
  })

  it('keeps the newest docpacks of a repository and removes the older with their records', async () => {
    const ports = stores(2)
    await publish(await publishInput('9', { repoUrl: 'github.com/other/x' }), ports)
    for (const job of ['1', '2', '3', '4']) await publish(await publishInput(job, { commit: job.repeat(40) }), ports)
    const kept = (await records(ports)).map(({ key }) => key).sort()
    assert.deepEqual(kept, ['docpacks/3.docpack', 'docpacks/4.docpack', 'docpacks/9.docpack'])
    assert.deepEqual(
      (await ports.objectStore.list('docpacks/')).map(({ key }) => key),
      kept,
    )
  })

  it('has one record for a commit that two jobs built, and only the later object', async () => {
    const ports = stores()
    const first = await publish(await publishInput('1'), ports)
    const second = await publish(await publishInput('2'), ports)
    assert.equal(first.docpack_id, second.docpack_id)
    assert.deepEqual(
      (await records(ports)).map(({ key }) => key),
      ['docpacks/2.docpack'],
    )
    assert.deepEqual(
      (await ports.objectStore.list('docpacks/')).map(({ key }) => key),
      ['docpacks/2.docpack'],
    )
  })

  it('forgets the first docpack of a job that ran twice and met a newer commit the second time', async () => {
    const ports = stores()
    await publish(await publishInput('1', { commit: '1'.repeat(40) }), ports)
    const output = await publish(await publishInput('1', { commit: '2'.repeat(40) }), ports)
    const all = await records(ports)
    assert.deepEqual(
      all.map(({ docpack_id }) => docpack_id),
      [output.docpack_id],
    )
    assert.equal(sha256Hex((await ports.objectStore.get('docpacks/1.docpack')) ?? ''), all[0]?.sha256)
    assert.equal(await ports.vectorStore.count({}), 5)
  })

  const scenarios: Record<string, (ports: PublishPorts) => Promise<PublishInput>> = {
    'the first docpack of a repository': () => publishInput('5'),
    'a new commit where older docpacks have to go': async (ports) => {
      for (const job of ['1', '2', '3'])
        await publish(await publishInput(job, { commit: job.repeat(40), symbols: 3 }), { ...ports, keepPerRepository: 5 })
      return publishInput('5')
    },
    'a job that had met an older commit before': async (ports) => {
      await publish(await publishInput('5', { commit: '1'.repeat(40) }), ports)
      return publishInput('5')
    },
    'a commit that another job has built before': async (ports) => {
      await publish(await publishInput('1'), ports)
      return publishInput('5')
    },
  }
  for (const [scenario, prepare] of Object.entries(scenarios)) {
    it(`ends in the same state when it is killed at any step and run again: ${scenario}`, async () => {
      const clean = stores(2)
      const counter = killAt(clean, Infinity, 'after')
      await publish(await prepare(clean), counter.ports)
      const expected = await state(clean)
      assert.ok(counter.calls() >= 7, `${counter.calls()} calls`)
      for (let step = 1; step <= counter.calls(); step += 1) {
        for (const moment of ['before', 'after'] as const) {
          const ports = stores(2)
          const input = await prepare(ports)
          await assert.rejects(publish(input, killAt(ports, step, moment).ports), Killed, `step ${step}`)
          await publish(input, ports)
          assert.deepEqual(await state(ports), expected, `killed ${moment} step ${step}`)
        }
      }
    })
  }

  it('publishes without a vector store that is down, and heals from the docpack when it is back', async () => {
    const ports = stores()
    await publish(await publishInput('1', { commit: '1'.repeat(40) }), ports)
    const down = { ...ports, vectorStore: downStore }
    const output = await publish(await publishInput('2', { symbols: 8 }), down)
    assert.equal(output.index_pending, true)
    assert.equal((await records(ports)).find(({ key }) => key === output.key)?.index_pending, true)
    assert.deepEqual(await healPendingIndexes(down, { log, signal: new AbortController().signal }), { healed: 0, pending: 1 })

    assert.deepEqual(await healPendingIndexes(ports, { log, signal: new AbortController().signal }), { healed: 1, pending: 0 })
    assert.deepEqual(
      (await records(ports)).map(({ index_pending }) => index_pending),
      [false, false],
    )
    const direct = stores()
    await publish(await publishInput('2', { symbols: 8 }), direct)
    const search = { vector: 'small' as const, values: new Float32Array(8).fill(1), limit: 100 }
    assert.deepEqual(await ports.vectorStore.search(search), await direct.vectorStore.search(search))
    assert.equal(await ports.vectorStore.count({}), 8)
    assert.deepEqual(await healPendingIndexes(ports, { log, signal: new AbortController().signal }), { healed: 0, pending: 0 })
  })

  it('writes again what a Doctown of an older shape of points has published', async () => {
    const ports = stores()
    const output = await publish(await publishInput('1'), ports)
    const [record] = await records(ports)
    const { index_version: version, ...elder } = record!
    assert.equal(version, POINTS_VERSION)
    await ports.objectStore.put(recordKey(output.docpack_id), Buffer.from(JSON.stringify(elder)))
    const fresh = { ...ports, vectorStore: createMemoryVectorStore() }
    assert.deepEqual(await healPendingIndexes(fresh, { log, signal: new AbortController().signal }), { healed: 1, pending: 0 })
    assert.equal(await fresh.vectorStore.count({}), 5)
    assert.equal((await records(ports))[0]?.index_version, POINTS_VERSION)
    assert.deepEqual(await healPendingIndexes(fresh, { log, signal: new AbortController().signal }), { healed: 0, pending: 0 })
  })

  it('gives points the words of bodies, from the pipeline and when healed alike, within their bytes', async () => {
    const ports = stores()
    const long = Array.from({ length: 2_000 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${'x'.repeat(i % 90)}`).join(' ')
    const input = await publishInput('1')
    const texts = input.searchTexts.map((text, i) => (i === 0 ? { ...text, head: long, body: long, docs: long } : text))
    await publish({ ...input, searchTexts: texts }, ports)
    const asked = { near: { small: new Float32Array(8).fill(1) }, sparse: sparseQuery('unexpected'), limit: 10 }
    const found = await ports.vectorStore.candidates(asked)
    assert.equal(found.length, 5)
    const bytes = found.map(({ payload: { head = '', body = '', docs = '' } }) => Buffer.byteLength(head + body + docs))
    assert.ok(Math.max(...bytes) > PAYLOAD_TEXT_BYTES * 0.8 && Math.max(...bytes) <= PAYLOAD_TEXT_BYTES, `${Math.max(...bytes)}`)
    assert.ok(found.some(({ payload }) => payload.body?.includes('`unexpected end`')))
    const healed = stores()
    await publish(await publishInput('2'), { ...healed, vectorStore: downStore })
    await healPendingIndexes(healed, { log, signal: new AbortController().signal })
    const direct = stores()
    await publish(await publishInput('2'), direct)
    assert.deepEqual(await healed.vectorStore.candidates(asked), await direct.vectorStore.candidates(asked))
  })

  it('does not bring the points of an older commit back when it heals', async () => {
    const ports = stores()
    await publish(await publishInput('1', { commit: '1'.repeat(40) }), { ...ports, vectorStore: downStore })
    await publish(await publishInput('2', { commit: '2'.repeat(40) }), ports)
    assert.deepEqual(await healPendingIndexes(ports, { log, signal: new AbortController().signal }), { healed: 1, pending: 0 })
    assert.equal(await ports.vectorStore.count({ commit_sha: '1'.repeat(40) }), 0)
    assert.equal(await ports.vectorStore.count({ commit_sha: '2'.repeat(40) }), 5)
  })

  it('publishes nothing when the object store is down', async () => {
    const ports = stores()
    const error = new DoctownError('object_store_unavailable', 'down')
    const input = await publishInput('1')
    const thrown = await publish(input, { ...ports, objectStore: { ...ports.objectStore, put: () => Promise.reject(error) } }).catch(
      (e: unknown) => e,
    )
    assert.equal(thrown, error)
    assert.equal(await ports.vectorStore.count({}), 0)
  })

  it('stops between steps when it is cancelled, with the reason of whoever cancelled', async () => {
    const ports = stores()
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'The job was cancelled.')
    const vectorStore = { ...ports.vectorStore, upsert: () => Promise.resolve(stop.abort(reason)) }
    const running = Promise.resolve(
      publishStage.run(await publishInput('1'), stageContext({ ...ports, vectorStore }, { signal: stop.signal })),
    )
    assert.equal(await running.catch((error: unknown) => error), reason)
    assert.deepEqual(await records(ports), [])
  })

  it('sweeps objects that no record names once they are older than an hour, and none when a record cannot be read', async () => {
    const { objectStore, ...rest } = stores()
    await publish(await publishInput('1'), { objectStore, ...rest })
    await objectStore.put('docpacks/dead.docpack', new Uint8Array(3))
    const signal = new AbortController().signal
    assert.deepEqual(await sweepObjects(objectStore, { now: Date.now(), signal }), [])
    await objectStore.put('records/0.json', Buffer.from('{"from":"a later version"}'))
    assert.deepEqual(await sweepObjects(objectStore, { now: Date.now() + 3_700_000, signal }), [])
    await objectStore.remove('records/0.json')
    assert.deepEqual(await sweepObjects(objectStore, { now: Date.now() + 3_700_000, signal }), ['docpacks/dead.docpack'])
    assert.deepEqual(
      (await objectStore.list('docpacks/')).map(({ key }) => key),
      ['docpacks/1.docpack'],
    )
  })
})

class Killed extends Error {}

/** Stores whose n-th call is the last that this process makes: from then on every call fails, as after kill -9. */
function killAt(
  { objectStore, vectorStore, keepPerRepository }: PublishPorts,
  step: number,
  moment: 'before' | 'after',
): { ports: PublishPorts; calls: () => number } {
  let calls = 0
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get:
        (target, name) =>
        async (...args: unknown[]) => {
          calls += 1
          if (calls > step || (calls === step && moment === 'before')) throw new Killed()
          // Every member of both ports is a function; Reflect does not know.
          const result: unknown = await (Reflect.get(target, name) as (...all: unknown[]) => unknown)(...args)
          if (calls === step) throw new Killed()
          return result
        },
    })
  return { ports: { objectStore: wrap(objectStore), vectorStore: wrap(vectorStore), keepPerRepository }, calls: () => calls }
}

const away = (): Promise<never> => Promise.reject(new DoctownError('vector_store_unavailable', 'The vector store does not answer.'))
const downStore: VectorStore = {
  prepare: away,
  upsert: away,
  count: away,
  remove: away,
  search: away,
  candidates: away,
  close: async () => {},
}
