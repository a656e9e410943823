import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Graph } from '@doctown/common/contracts/graph.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

/** A repository's graph, its clusters and its symbols' text vectors (mean of their chunks' by the built-in model), from a docpack of `doctown build`. */
export async function readGraph(
  repository: string,
): Promise<{ graph: Graph; textVectors: Map<string, Float32Array>; clusters: readonly Cluster[] }> {
  const work = mkdtempSync(join(tmpdir(), 'doctown-bench-graph-'))
  try {
    const out = join(work, 'a.docpack')
    const command = [join(repositoryRoot(), 'edge-worker/bin/doctown.mjs'), 'build', repository, '--no-docs', '--quiet', '--out', out]
    execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] })
    const docpack = await openDocpack({ path: out })
    try {
      const chunks = await docpack.chunks()
      const small = await docpack.vectors('small')
      if (small === undefined) throw new Error('the docpack holds no vectors of the built-in model')
      const textVectors = new Map<string, Float32Array>()
      chunks.forEach(({ symbol_id: id }, row) => {
        if (id === null) return
        const vector = small.values.subarray(row * small.dimensions, (row + 1) * small.dimensions)
        const sum = textVectors.get(id)
        if (sum === undefined) textVectors.set(id, vector.slice())
        else for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!
      })
      for (const sum of textVectors.values()) {
        const length = Math.hypot(...sum)
        if (length > 0) for (let i = 0; i < sum.length; i++) sum[i]! /= length
      }
      return { graph: await docpack.graph(), textVectors, clusters: await docpack.clusters() }
    } finally {
      docpack.close()
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
