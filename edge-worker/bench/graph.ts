/**
 * Link prediction on a Rust repository (or any that Doctown reads), by method and kind of edge:
 *
 *     npm run bench:graph -- --repo DIR [--repo DIR ..] [--seeds 3] [--steps 400] [--json]
 *     npm run bench:graph -- --repo DIR [--repo DIR ..] --clusters [--json]
 *     npm run bench:graph -- --scale [--json]
 *
 * A tenth of the edges is held out, each hidden among a hundred hard negatives: nodes of the target's kind drawn in proportion to
 * their degree. `degree` must stay low, which proves that the negatives are hard; `shuffled` is training on edges drawn at random,
 * which must fall to chance. --clusters measures the labels instead: how many symbols' own cluster is the one whose label their text is
 * nearest to (`label_top1`), or among the nearest three. --scale grows one repository's graph to 1k, 10k, 50k and 200k nodes and times every graph stage.
 */
import { basename, join } from 'node:path'
import { benchOptions, refuseBench } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { scoreLabels } from './graph/cluster-labels.js'
import { compareMethods, METHODS, type Method } from './graph/methods.js'
import { readGraph } from './graph/read-graph.js'
import { measureScale } from './graph/scale.js'

/** Controls: degree alone, and a network trained on shuffled edges. */
const ceilings: Partial<Record<Method, number>> = { degree: 0.55, shuffled: 0.6 }

const options = benchOptions({
  bench: import.meta.url,
  options: {
    repo: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '400' },
    clusters: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (options.repo === undefined && !options.scale) refuseBench(import.meta.url, 'Name a repository with --repo DIR, or ask for --scale.')
const say = (line: string): void => (options.json ? console.error(line) : console.log(line))
const figures: Figure[] = []
const figure = (id: string, value: number, unit: string, floor: number | null): void => {
  const ok = floor === null || (id.includes('at_most') ? value <= floor : value >= floor)
  figures.push({ id, value, unit, floor, ok })
}

const embedder = await createStaticTableEmbedder({ folder: join(repositoryRoot(), 'common/models/small') })
for (const repository of options.repo ?? []) {
  const name = basename(repository)
  const { graph, textVectors, clusters } = await readGraph(repository)
  if (options.clusters) {
    const { top1, top3, biggest, symbols } = await scoreLabels(clusters, textVectors, embedder)
    say(`\n${name}: ${clusters.length} clusters, ${symbols} symbols\n  ${clusters.map(({ label }) => label).join(', ')}`)
    figure(`${name}.label_top1`, top1, 'share', null)
    figure(`${name}.label_top3`, top3, 'share', null)
    figure(`${name}.biggest_cluster`, biggest, 'share', null)
    continue
  }
  say(`\n${name}: ${graph.nodes.length} nodes, ${graph.edges.length} edges, ${options.seeds} seeds`)
  const { scores, byKind, trainSeconds, adopted } = await compareMethods(graph, textVectors, {
    seeds: Number(options.seeds),
    steps: Number(options.steps),
  })
  const kinds = [...new Set(Object.values(byKind).flatMap((kind) => Object.keys(kind)))].sort()
  say(`  ${'method'.padEnd(10)} ${'AUC'.padStart(7)} ${'MRR'.padStart(7)} ${'Hits@10'.padStart(8)}  AUC of ${kinds.join(', ')}`)
  for (const method of METHODS) {
    const { auc, mrr, hits10 } = scores[method]
    const kind = kinds.map((each) => (byKind[method][each]?.auc ?? Number.NaN).toFixed(3)).join('  ')
    say(`  ${method.padEnd(10)} ${auc.toFixed(4).padStart(7)} ${mrr.toFixed(3).padStart(7)} ${hits10.toFixed(3).padStart(8)}  ${kind}`)
    figure(`${name}.${method}.auc${method === 'shuffled' || method === 'degree' ? '_at_most' : ''}`, auc, 'AUC', ceilings[method] ?? null)
    figure(`${name}.${method}.mrr`, mrr, 'MRR', null)
    figure(`${name}.${method}.hits10`, hits10, 'share', null)
    for (const each of kinds) figure(`${name}.${method}.${each}.auc`, byKind[method][each]?.auc ?? Number.NaN, 'AUC', null)
  }
  figure(`${name}.t1_over_fastrp`, scores.t1.auc - scores.fastrp.auc, 'AUC', 0.03)
  figure(`${name}.t1_over_t0`, scores.t1.auc - scores.t0.auc, 'AUC', 0)
  figure(`${name}.adopted`, adopted, 'share of seeds', null)
  figure(`${name}.train_seconds`, trainSeconds, 's', null)
}
if (options.scale) for (const each of await measureScale(say)) figures.push(each)
printReport({ bench: 'graph', figures, json: options.json })
