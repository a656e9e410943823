import { join } from 'node:path'
import ts from 'typescript'
import { repositoryRoot } from '../../src/runtime/repository-root.js'
import type { SeenRequest } from './qdrant-server.js'

/**
 * Holds the bodies of requests against the types that the client itself publishes (`Schemas`), by the TypeScript compiler: the bodies are
 * written as literals, so a field too many is an error as well. Gives what the compiler says; takes two seconds.
 */
export function checkQdrantTypes(requests: readonly SeenRequest[]): string[] {
  const lines = new Set(requests.flatMap(literals))
  const source = [
    `import type { Schemas } from '@qdrant/js-client-rest'`,
    `type Condition = { key: Schemas['FieldCondition']['key']; match: Schemas['MatchValue'] } | Schemas['HasVectorCondition']`,
    `type Filter = { [K in keyof Schemas['Filter']]: Condition[] }`,
    ...lines,
  ].join('\n')
  const file = join(repositoryRoot(), 'common', 'qdrant-bodies.ts')
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (name) => (name === file ? source : readFile(name))
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, source, version) : getSourceFile(name, version, ...rest)
  const program = ts.createProgram([file], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start }) => {
    const line = start === undefined ? '' : source.slice(source.lastIndexOf('\n', start) + 1, start + 200)
    return `${ts.flattenDiagnosticMessageText(messageText, '\n').slice(0, 500)}: ${line}`
  })
}

/** The types say `Filter | Record<string, unknown>`, which lets anything through: so a filter is held against its own type once more. */
function literals({ schema, body }: SeenRequest): string[] {
  if (schema === null) return []
  const whole = `;(${JSON.stringify(shortened(body))}) satisfies Schemas['${schema}']`
  return [whole, ...filtersIn(body).map((filter) => `;(${JSON.stringify(filter)}) satisfies Filter`)]
}

/** Filters of the body itself and of the looks within it. */
function filtersIn(body: unknown): unknown[] {
  if (Array.isArray(body)) return body.flatMap(filtersIn)
  if (typeof body !== 'object' || body === null) return []
  // Bodies are objects; JSON.parse does not know.
  const { filter, searches, prefetch } = body as Record<string, unknown>
  return [...(filter === undefined ? [] : [filter]), ...filtersIn(searches), ...filtersIn(prefetch)]
}

/** Two of many items say as much about the shape as all. */
const shortened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]))
}
