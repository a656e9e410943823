import { z } from 'zod'
import { ERROR_TABLE, type ErrorCode } from '../errors.js'
import { DOCTOWN_VERSION } from '../version.js'
import { ErrorBodySchema } from './bodies.js'
import type { HttpAnswer, HttpRoute } from './route.js'

type Json = Readonly<Record<string, unknown>>

/** Codes that any route may answer with. */
const EVERYWHERE: readonly ErrorCode[] = ['invalid_request', 'rate_limited', 'internal']

/** The contract as an OpenAPI 3.1 document: paths from the table, schemas from zod, which are those that validate. */
export function openApiDocument(routes: Readonly<Record<string, HttpRoute>>): Json {
  const components = new Map<string, unknown>()
  const schema = (type: z.ZodType, io: 'input' | 'output'): unknown => intoComponents(type, io, components)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace('...}', '}')
    paths[path] ??= {}
    paths[path][route.method] = {
      operationId: name,
      summary: route.summary,
      ...(route.description === undefined ? {} : { description: route.description }),
      ...(route.auth === 'none' ? {} : { security: route.auth === 'admin' ? [{ admin: [] }] : [{}, { admin: [] }] }),
      parameters: parameters(route, schema),
      ...(route.body === null
        ? {}
        : { requestBody: { required: true, content: { 'application/json': { schema: schema(route.body, 'input') } } } }),
      responses: { ...answers(route.answers, schema), ...errors(route, schema) },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Doctown',
      version: DOCTOWN_VERSION,
      description: 'Generated from common/src/contracts/http/routes.ts by `npm run openapi`; do not edit by hand.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { admin: { type: 'http', scheme: 'bearer', description: 'PHAROS_ADMIN_TOKEN' } },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

type SchemaOf = (type: z.ZodType, io: 'input' | 'output') => unknown

function parameters(route: HttpRoute, schema: SchemaOf): unknown[] {
  const places = [
    ['path', route.params],
    ['query', route.query],
    ['header', route.headers ?? z.object({})],
  ] as const
  return places.flatMap(([place, object]) =>
    Object.entries(object.shape).map(([name, type]) => {
      // A zod object's shape is typed by zod's core; every schema of the table is a full ZodType.
      const { description, ...rest } = schema(type as z.ZodType, 'input') as { description?: string }
      const required = place === 'path' || !z.safeParse(type, undefined).success
      return { name, in: place, required, ...(description === undefined ? {} : { description }), schema: rest }
    }),
  )
}

function answers(rows: HttpRoute['answers'], schema: SchemaOf): Record<string, unknown> {
  const one = (answer: HttpAnswer): unknown => ({
    description: answer.description,
    ...(answer.headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
          ),
        }),
    ...(answer.contentType === undefined
      ? {}
      : {
          content: {
            [answer.contentType]: {
              schema: answer.body === undefined ? rawBody(answer.contentType) : schema(answer.body, 'output'),
            },
          },
        }),
  })
  return Object.fromEntries(Object.entries(rows).map(([status, answer]) => [status, one(answer)]))
}

/** OpenAPI 3.1 says nothing of binary bodies but their media type. */
const rawBody = (contentType: string): Json =>
  contentType === 'application/zip' ? {} : { type: contentType === 'application/json' ? 'object' : 'string' }

/** Codes of one status share a response, whose description names them. */
function errors(route: HttpRoute, schema: SchemaOf): Record<string, unknown> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...route.errors, ...EVERYWHERE])) {
    const { status } = ERROR_TABLE[code]
    if (status in route.answers) continue
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const body = { 'application/json': { schema: schema(ErrorBodySchema, 'output') } }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      { description: codes.map((code) => `\`${code}\``).join(', '), content: body, ...retryHeader(status) },
    ]),
  )
}

const retryHeader = (status: number): Json =>
  status === 429 || status === 503 ? { headers: { 'retry-after': { description: 'Seconds.', schema: { type: 'integer' } } } } : {}

/** Schemas with an `id` move to `components.schemas` and are referred to. */
function intoComponents(type: z.ZodType, io: 'input' | 'output', components: Map<string, unknown>): unknown {
  const { $schema: _dialect, $defs, ...made } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Record<string, unknown>
  const moved = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as unknown
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, unknown>)) components.set(id, withoutId(moved(definition)))
  const id = type.meta()?.id
  const whole = withoutId(moved(made))
  if (id === undefined || '$ref' in made) return whole
  components.set(id, whole)
  return { $ref: `#/components/schemas/${id}` }
}

function withoutId(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const { id: _id, ...rest } = value as Record<string, unknown>
  return typeof _id === 'string' ? rest : value
}
