/**
 * A small Qdrant over HTTP: it stores, filters and searches the points it is sent, refuses what a real one refuses (unknown vector names,
 * lengths, conditions that it does not know), makes a write visible late unless it was asked to wait, and keeps each request's body so that
 * a test can hold it against the client's own types. It is not a Qdrant: no index, no cluster, exact search only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  /** Name in the client's `Schemas`, `null` for a request without a body. */
  readonly schema: string | null
  readonly route: string
  readonly body: unknown
}

export type QdrantFault = { readonly kind: 'status'; readonly status: number } | { readonly kind: 'reset' | 'silent' }

export interface QdrantTestServer {
  readonly url: string
  readonly apiKey: string
  readonly seen: SeenRequest[]
  readonly faults: QdrantFault[]
  close(): Promise<void>
}

interface StoredPoint {
  readonly id: string
  readonly vector: Record<string, number[] | { indices: number[]; values: number[] }>
  readonly payload: Record<string, unknown>
}
interface Collection {
  readonly sizes: Map<string, number>
  /** Modifiers by name. */
  readonly sparse: Map<string, string | undefined>
  readonly indexes: Set<string>
  readonly points: Map<string, StoredPoint>
}
type Json = Record<string, unknown>

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** The server answers under this path too, as behind a proxy. */
export const PROXY_PATH = '/behind/a/proxy'

/** A write without `wait=true` is answered before it is done. */
const LATE_MS = 200

export async function startQdrantServer(): Promise<QdrantTestServer> {
  const collections = new Map<string, Collection>()
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const state: QdrantTestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'the-key-of-the-test-server',
    seen: [],
    faults: [],
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    const fault = state.faults.shift()
    if (fault?.kind === 'reset') return void request.socket.destroy()
    if (fault?.kind === 'silent') return
    const reply = (status: number, body: Json): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (fault?.kind === 'status') return reply(fault.status, { status: { error: 'on purpose' }, time: 0 })
    if (request.headers['api-key'] !== state.apiKey) return reply(403, { status: { error: 'forbidden' }, time: 0 })
    const url = new URL((request.url ?? '/').replace(PROXY_PATH, ''), state.url)
    const text = Buffer.concat(pieces).toString('utf8')
    try {
      const body = text === '' ? undefined : (JSON.parse(text) as Json)
      const route = ROUTES.find(({ method, path }) => method === request.method && path.test(url.pathname))
      if (route === undefined) throw new Refusal(404, 'no such route')
      state.seen.push({ schema: route.schema, route: `${request.method} ${url.pathname}`, body })
      const [, name = '', rest = ''] = route.path.exec(url.pathname) ?? []
      const work = (): unknown => route.run({ collections, name, rest, body: body ?? {} })
      if (route.writes !== true || url.searchParams.get('wait') === 'true') return reply(200, { result: work(), status: 'ok', time: 0 })
      setTimeout(work, LATE_MS)
      reply(200, { result: { operation_id: 1, status: 'acknowledged' }, status: 'ok', time: 0 })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      reply(error.status, { status: { error: error.message }, time: 0 })
    }
  }
  return state
}

interface Call {
  readonly collections: Map<string, Collection>
  readonly name: string
  readonly rest: string
  readonly body: Json
}
interface Route {
  readonly method: string
  readonly path: RegExp
  readonly schema: string | null
  readonly writes?: boolean
  readonly run: (call: Call) => unknown
}

const done = { operation_id: 1, status: 'completed' }

const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/collections\/([^/]+)$/, schema: null, run: (call) => info(there(call)) },
  { method: 'PUT', path: /^\/collections\/([^/]+)$/, schema: 'CreateCollection', run: create },
  { method: 'PUT', path: /^\/collections\/([^/]+)\/vectors\/([^/]+)$/, schema: 'VectorNameConfig', writes: true, run: addVectorName },
  { method: 'PUT', path: /^\/collections\/([^/]+)\/index$/, schema: 'CreateFieldIndex', writes: true, run: addIndex },
  { method: 'PUT', path: /^\/collections\/([^/]+)\/points$/, schema: 'PointsList', writes: true, run: upsert },
  { method: 'POST', path: /^\/collections\/([^/]+)\/points\/delete$/, schema: 'FilterSelector', writes: true, run: remove },
  { method: 'POST', path: /^\/collections\/([^/]+)\/points\/count$/, schema: 'CountRequest', run: count },
  { method: 'POST', path: /^\/collections\/([^/]+)\/points\/query$/, schema: 'QueryRequest', run: query },
  { method: 'POST', path: /^\/collections\/([^/]+)\/points\/query\/batch$/, schema: 'QueryRequestBatch', run: queryBatch },
]

function there({ collections, name }: Call): Collection {
  const found = collections.get(name)
  if (found === undefined) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`)
  return found
}

function info(collection: Collection): Json {
  const named = Object.fromEntries([...collection.sizes].map(([name, size]) => [name, { size, distance: 'Cosine' }]))
  const vectors = named[''] ?? named
  return {
    status: 'green',
    optimizer_status: 'ok',
    points_count: collection.points.size,
    segments_count: 1,
    config: {
      params: {
        vectors,
        sparse_vectors: Object.fromEntries(
          [...collection.sparse].map(([name, modifier]) => [name, modifier === undefined ? {} : { modifier }]),
        ),
      },
    },
    payload_schema: Object.fromEntries([...collection.indexes].map((field) => [field, { data_type: 'keyword', points: 0 }])),
  }
}

function create({ collections, name, body }: Call): unknown {
  if (collections.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`)
  const sent = (body['vectors'] ?? {}) as Record<string, { size: number; distance: string }>
  // One vector without a name is what `{size, distance}` itself means.
  const vectors = typeof sent['size'] === 'number' ? { '': sent as unknown as { size: number; distance: string } } : sent
  for (const { distance } of Object.values(vectors)) if (distance !== 'Cosine') throw new Refusal(422, 'distance')
  collections.set(name, {
    sizes: new Map(Object.entries(vectors).map(([vector, { size }]) => [vector, size])),
    sparse: new Map(
      Object.entries((body['sparse_vectors'] ?? {}) as Record<string, { modifier?: string }>).map(([name, { modifier }]) => [
        name,
        modifier,
      ]),
    ),
    indexes: new Set(),
    points: new Map(),
  })
  return true
}

function addVectorName(call: Call): unknown {
  const { dense } = call.body as { dense?: { size: number } }
  if (dense === undefined) throw new Refusal(422, 'only dense is known here')
  const { sizes } = there(call)
  if (sizes.has(call.rest)) throw new Refusal(400, `Wrong input: vector ${call.rest} exists`)
  sizes.set(call.rest, dense.size)
  return done
}

function addIndex(call: Call): unknown {
  if (call.body['field_schema'] !== 'keyword' && call.body['field_schema'] !== 'bool')
    throw new Refusal(422, 'only keyword and bool are known here')
  there(call).indexes.add(String(call.body['field_name']))
  return done
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function upsert(call: Call): unknown {
  const { sizes, sparse, points } = there(call)
  const sent = call.body['points'] as StoredPoint[]
  for (const { id, vector } of sent) {
    if (!UUID.test(id)) throw new Refusal(400, `Unable to parse UUID: ${id}`)
    for (const [name, values] of Object.entries(vector)) {
      const size = Array.isArray(values) ? sizes.get(name) : sparse.has(name) ? undefined : -1
      if (Array.isArray(values) ? size === undefined : size === -1)
        throw new Refusal(400, `Wrong input: Not existing vector name error: ${name}`)
      if (Array.isArray(values) && values.length !== size) {
        throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${values.length}`)
      }
      if (!Array.isArray(values) && new Set(values.indices).size !== values.indices.length) throw new Refusal(422, 'indices must be unique')
    }
  }
  for (const point of sent) points.set(point.id, point)
  return done
}

function remove(call: Call): unknown {
  const { points } = there(call)
  if (call.body['filter'] === undefined) throw new Refusal(422, 'no filter')
  for (const point of [...points.values()]) if (matches(point, call.body['filter'])) points.delete(point.id)
  return done
}

function count(call: Call): unknown {
  if (call.body['exact'] !== true) throw new Refusal(422, 'only exact counts are known here')
  return { count: [...there(call).points.values()].filter((point) => matches(point, call.body['filter'])).length }
}

function queryBatch(call: Call): unknown {
  return (call.body['searches'] as Json[]).map((body) => ({ points: shown(look(call, body), body) }))
}

function query(call: Call): unknown {
  return { points: shown(look(call, call.body), call.body) }
}

interface Look {
  readonly query: number[] | { readonly indices: number[]; readonly values: number[] }
  readonly using: string
  readonly limit?: number
  readonly filter?: unknown
  readonly prefetch?: readonly Json[]
}

interface Found {
  readonly point: StoredPoint
  readonly score: number
}

/** What a prefetch finds is all that its look scores, by its own vector. */
function look(call: Call, body: Json): Found[] {
  const { points } = there(call)
  const { prefetch, filter, limit = 10 } = body as unknown as Look
  const within = prefetch === undefined ? null : new Set(prefetch.flatMap((inner) => look(call, inner).map(({ point }) => point.id)))
  const some = [...points.values()].filter((point) => within?.has(point.id) !== false && matches(point, filter))
  const found = scored(there(call), some, body as unknown as Look)
  // Equal scores in no order that a reader could lean on.
  return found.sort((a, b) => b.score - a.score || (a.point.id < b.point.id ? 1 : -1)).slice(0, limit)
}

function shown(found: readonly Found[], { with_payload: withPayload }: Json): Json[] {
  return found.map(({ point, score }) => ({ id: point.id, version: 0, score, ...(withPayload === true ? { payload: point.payload } : {}) }))
}

function scored({ sizes, sparse, points }: Collection, some: readonly StoredPoint[], { query: asked, using }: Look): Found[] {
  if (Array.isArray(asked)) {
    const size = sizes.get(using)
    if (size === undefined) throw new Refusal(400, `Wrong input: Not existing vector name error: ${using}`)
    if (size !== asked.length) throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${asked.length}`)
    return some.flatMap((point) => {
      const vector = point.vector[using]
      return Array.isArray(vector) ? [{ point, score: cosine(vector, asked) }] : []
    })
  }
  if (!sparse.has(using)) throw new Refusal(400, `Wrong input: Not existing vector name error: ${using}`)
  if (new Set(asked.indices).size !== asked.indices.length) throw new Refusal(422, 'indices must be unique')
  const wordsOf = (point: StoredPoint) => point.vector[using] as { indices: number[]; values: number[] } | undefined
  const all = [...points.values()].map(wordsOf).filter((words) => words !== undefined)
  const weights = asked.indices.map((index, i) => {
    const count = all.filter(({ indices }) => indices.includes(index)).length
    // The modifier as Qdrant computes it, over all points of the collection whatever the filter.
    const idf = Math.log((all.length - count + 0.5) / (count + 0.5) + 1)
    return { index, weight: (asked.values[i] ?? 0) * (sparse.get(using) === 'idf' ? idf : 1) }
  })
  return some.flatMap((point) => {
    const words = wordsOf(point)
    const shared = weights.flatMap(({ index, weight }) => {
      const at = words?.indices.indexOf(index) ?? -1
      return at < 0 ? [] : [weight * (words?.values[at] ?? 0)]
    })
    return shared.length === 0 ? [] : [{ point, score: shared.reduce((sum, value) => sum + value, 0) }]
  })
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const scale = Math.hypot(...a) * Math.hypot(...b)
  return scale === 0 ? 0 : a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / scale
}

/** Knows `must` and `must_not` of `match: {value}` and of `has_vector`; anything else is refused rather than passed over. */
function matches(point: StoredPoint, filter: unknown): boolean {
  if (filter === undefined || filter === null) return true
  const { must = [], must_not: mustNot = [], ...others } = filter as { must?: unknown[]; must_not?: unknown[] }
  if (Object.keys(others).length > 0) throw new Refusal(422, `filter: ${Object.keys(others).join()}`)
  const holds = (condition: unknown): boolean => {
    const { key, match, has_vector: vector, ...rest } = condition as { key: string; match?: { value: unknown }; has_vector?: string }
    if (vector !== undefined && key === undefined) return point.vector[vector] !== undefined
    if (Object.keys(rest).length > 0 || !['string', 'boolean'].includes(typeof match?.value)) throw new Refusal(422, 'condition')
    return point.payload[key] === match?.value
  }
  return must.every(holds) && !mustNot.some(holds)
}
