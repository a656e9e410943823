import type { Document } from '@doctown/common/contracts/document.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterOutput, GenerateInput, GenerateOutput, GraphOutput } from '../../../src/pipeline/stage-io.js'
import { clusterStage } from '../../../src/stages/cluster/stage.js'
import { generateStage } from '../../../src/stages/generate/stage.js'
import { graphStage } from '../../../src/stages/graph/stage.js'
import { extractText } from '../../languages/rust/extract-text.js'
import { stageContext } from '../context.js'

const folder = join(repositoryRoot(), 'edge-worker', 'test', 'fixtures', 'walkdir')
const repository = { name: 'walkdir', url: 'local/walkdir', commit_sha: 'b'.repeat(40), branch: 'main' }

describe('walkdir, a real crate, through graph, cluster and generate', () => {
  let graphed: GraphOutput
  let clustered: ClusterOutput
  let written: GenerateOutput
  let fileDocs: NonNullable<GenerateInput['fileDocs']>

  before(async () => {
    const cargo = readFileSync(join(folder, 'Cargo.toml'), 'utf8')
    const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rs'))
    const files = sources.sort().map((name) => extractText(readFileSync(join(folder, 'src', name), 'utf8'), `src/${name}`, cargo))
    graphed = await graphStage.run({ files }, stageContext({}))
    clustered = await clusterStage.run(graphed, stageContext({}))
    fileDocs = files.flatMap(({ file, file_docs: text }) => (text === null ? [] : [{ file, text }]))
    written = await generateStage.run({ ...graphed, ...clustered, repository, fileDocs }, stageContext({}))
  })

  const documentOf = (path: string): Document => {
    const symbol = graphed.symbols.find((each) => each.path === path)
    const document = written.documents.find((each) => each.symbol === symbol?.id)
    assert.ok(document !== undefined, path)
    return document
  }

  it('has a summary for every symbol, and no two composed ones alike', () => {
    assert.equal(written.documents.length, graphed.symbols.length)
    assert.ok(written.documents.length > 150)
    const composed = written.documents
      .filter((document) => document.generated_by === 'extractive:facts')
      .map((document) => document.summary)
    assert.ok(composed.length > 50)
    assert.equal(new Set(composed).size, composed.length)
    for (const { summary } of written.documents) assert.match(summary, /\p{L}.*\S$/u)
  })

  it('takes the words of documented symbols from their comments', () => {
    const sortBy = documentOf('walkdir::WalkDir::sort_by')
    assert.equal(sortBy.summary, 'Set a function for sorting directory entries with a comparator function.')
    assert.match(sortBy.example ?? '', /^use std::cmp;/)
    const filter = documentOf('walkdir::IntoIter::filter_entry')
    assert.equal(
      filter.summary,
      'Yields only entries which satisfy the given predicate and skips descending into directories that do not satisfy the given predicate.',
    )
  })

  it('says of undocumented symbols what header and graph say', () => {
    assert.equal(
      documentOf('walkdir::error::Error::from_entry').summary,
      'Associated function of `Error` that takes `dent: &DirEntry` and `err: io::Error` and returns an `Error`. Calls `DirEntry::path` and `DirEntry::depth`.',
    )
    assert.equal(documentOf('walkdir::error').summary, 'Module in `walkdir` with the struct `Error` and the enum `ErrorInner`.')
  })

  it('names in backticks only what the source names', () => {
    const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => readFileSync(join(folder, 'src', name), 'utf8'))
      .join('\n')
    const words = new Set([...sources.matchAll(/\w+/g)].map(([word]) => word))
    const known = new Set([
      ...words,
      'walkdir',
      'src',
      'rs',
      ...graphed.symbols.flatMap((symbol) => [...symbol.id.matchAll(/\w+/g)].map(([word]) => word)),
    ])
    for (const { summary, generated_by: by } of written.documents) {
      if (by !== 'extractive:facts') continue
      for (const [, code] of summary.matchAll(/`([^`]+)`/g)) {
        for (const [word] of (code ?? '').matchAll(/[A-Za-z_]\w+/g)) assert.ok(known.has(word), `${word} in: ${summary}`)
      }
    }
  })

  it('puts every node into one cluster, whose cohesion a reader can count again from the edges', () => {
    const { graph } = graphed
    assert.deepEqual(clustered.clusters.flatMap((cluster) => cluster.members).sort(), graph.nodes.map((node) => node.id).sort())
    for (const cluster of clustered.clusters) {
      const members = new Set(cluster.members)
      const ends = graph.edges.flatMap((edge) => [
        ...(members.has(edge.source) ? [members.has(edge.target)] : []),
        ...(members.has(edge.target) ? [members.has(edge.source)] : []),
      ])
      assert.ok(Math.abs(cluster.cohesion - ends.filter((isInside) => isInside).length / ends.length) < 1e-4, cluster.label)
    }
  })

  it('labels clusters with a module path or up to three words of their members, none twice', () => {
    const labels = clustered.clusters.map((cluster) => cluster.label)
    assert.equal(new Set(labels).size, labels.length)
    const paths = graphed.symbols.map((symbol) => symbol.path)
    for (const cluster of clustered.clusters) {
      const parts = cluster.label.split(' ')
      assert.ok(parts.length <= 3, cluster.label)
      for (const part of parts) {
        const isPath = paths.some((path) => path === part || path.startsWith(`${part}::`))
        const isWord = cluster.members.some((member) => member.toLowerCase().includes(part))
        assert.ok(isPath || isWord, cluster.label)
      }
    }
  })

  it('shows the program’s main types first in the overview', () => {
    const start = written.overview.slice(written.overview.indexOf('## Start here'), written.overview.indexOf('## Parts'))
    for (const name of ['DirEntry', 'Error', 'WalkDir', 'IntoIter']) assert.ok(start.includes(`\`${name}\` (`), name)
    assert.match(written.overview, /```mermaid\nflowchart LR\n/)
  })

  it('opens both front pages with the crate’s own words', () => {
    const words = 'Crate `walkdir` provides an efficient and cross platform implementation of recursive directory traversal.'
    assert.ok(written.overview.includes(`**walkdir**: ${words}`))
    assert.ok(written.llms.includes(`> ${words} `))
  })

  it('is the same when it is made again', async () => {
    const symbols: readonly Symbol[] = structuredClone(graphed.symbols)
    const again = await clusterStage.run({ graph: structuredClone(graphed.graph), symbols }, stageContext({}))
    assert.deepEqual(again, clustered)
    assert.deepEqual(await generateStage.run({ ...graphed, ...again, repository, fileDocs }, stageContext({})), written)
  })
})
