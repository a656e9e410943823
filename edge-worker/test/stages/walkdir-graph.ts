import type { Graph } from '@doctown/common/contracts/graph.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphOf } from './graph/graph-of.js'

/** The graph of a real crate's sources. */
export async function walkdirGraph(): Promise<Graph> {
  const folder = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.rs'))
  const { graph } = await graphOf(Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')])))
  return graph
}
