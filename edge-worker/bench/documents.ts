/**
 * npm run bench:documents -- --corpus <folder> [--private] [--show N] [--json]
 *
 * Builds symbols, graph, clusters and documents of the corpus's repositories and counts: symbols without a summary, composed summaries that are
 * alike, labels that are no module path and no three words. `--show 100` prints a hundred composed summaries and all labels, for reading.
 */
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Document } from '@doctown/common/contracts/document.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { clusterStage } from '../src/stages/cluster/stage.js'
import { generateStage } from '../src/stages/generate/stage.js'
import { graphStage } from '../src/stages/graph/stage.js'
import { stageContext } from '../test/stages/context.js'
import { parseAll } from '../test/stages/parse/collect.js'
import { readCorpus, type CorpusRepository } from './corpus.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'

const values = benchOptions({
  bench: import.meta.url,
  required: ['corpus'],
  options: { corpus: { type: 'string' }, private: { type: 'boolean' }, show: { type: 'string', default: '0' }, json: { type: 'boolean' } },
})

const figures: Figure[] = []
for (const repository of readCorpus(values.corpus)) figures.push(...(await measure(repository)))
printReport({ bench: 'documents', figures, json: values.json === true })

async function measure(repository: CorpusRepository): Promise<Figure[]> {
  const items = await parseAll(repository.files, { manifests: repository.manifests })
  const parsed = items.flatMap((item) => (item.kind === 'parsed' ? [item.parsed] : []))
  const graphed = await graphStage.run({ files: parsed }, stageContext({}))
  const symbols = values.private === true ? graphed.symbols : graphed.symbols.filter((symbol) => symbol.is_public_api)
  const clusterStarted = performance.now()
  const clustered = await clusterStage.run(graphed, stageContext({}))
  const generateStarted = performance.now()
  const { name } = repository
  const written = await generateStage.run(
    { ...clustered, graph: graphed.graph, symbols, repository: { name, url: `local/${name}`, commit_sha: '0'.repeat(40), branch: 'main' } },
    stageContext({}),
  )
  const ended = performance.now()
  const composed = written.documents.filter((document) => document.generated_by === 'extractive:facts')
  if (Number(values.show) > 0) show(composed, clustered.clusters, Number(values.show))
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole)
  return [
    atLeast(`summaries_${name}`, share(written.documents.filter(({ summary }) => summary.trim() !== '').length, symbols.length), '%', 100),
    atMost(`alike_at_most_${name}`, share(composed.length - new Set(composed.map(({ summary }) => summary)).size, composed.length), '%', 1),
    atLeast(`authored_${name}`, share(written.documents.length - composed.length, symbols.length), '%', null),
    atLeast(`clusters_${name}`, clustered.clusters.length, 'clusters', null),
    atMost(`bad_labels_at_most_${name}`, badLabels(clustered.clusters, graphed.symbols), 'labels', 0),
    atLeast(`cluster_ms_${name}`, generateStarted - clusterStarted, 'ms', null),
    atLeast(`generate_ms_${name}`, ended - generateStarted, 'ms', null),
  ]
}

/** Labels that are given twice, are a bare number, or hold a part that is neither a module's path nor a word of a member. */
function badLabels(clusters: readonly Cluster[], symbols: readonly Symbol[]): number {
  const labels = new Set(clusters.map(({ label }) => label))
  const modules = new Set(
    symbols.flatMap(({ path }) => {
      const segments = path.split('::')
      return segments.map((_, depth) => segments.slice(0, depth + 1).join('::'))
    }),
  )
  const bad = clusters.filter(({ label, members }) => {
    const parts = label.split(' ')
    const isNamed = parts.every((part) => modules.has(part) || members.some((member) => member.toLowerCase().includes(part)))
    return /^\d+$/.test(label) || parts.length > 3 || !isNamed
  })
  return bad.length + clusters.length - labels.size
}

function show(composed: readonly Document[], clusters: readonly Cluster[], count: number): void {
  for (const { label, size, cohesion } of clusters) console.error(`${String(size).padStart(5)} ${cohesion.toFixed(2)} ${label}`)
  const step = Math.max(1, Math.floor(composed.length / count))
  for (let at = 0; at < composed.length; at += step) console.error(`- ${composed[at]?.symbol ?? ''}\n  ${composed[at]?.summary ?? ''}`)
}

function atLeast(id: string, value: number, unit: string, floor: number | null): Figure {
  return { id, value, unit, floor, ok: floor === null || value >= floor }
}

function atMost(id: string, value: number, unit: string, ceiling: number): Figure {
  return { id, value, unit, floor: ceiling, ok: value <= ceiling }
}
