import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { writeRawRepository, type BytesForm, type TreeForm } from '../support/raw-git.js'
import { useHouse } from '../support/house.js'
import type { JobState, WorkerProcess } from '../support/stack.js'

interface Case {
  readonly id: string
  readonly target: string
  readonly title: string
  readonly input: { readonly tree?: readonly TreeForm[]; readonly path?: string; readonly content?: BytesForm }
  readonly expected: {
    readonly outcome?: readonly string[]
    readonly job_outcome?: readonly string[]
    readonly skips?: Readonly<Record<string, number>>
    readonly files_indexed_include?: readonly string[]
    readonly symbols_include?: readonly string[]
    readonly commons_html_excludes?: readonly string[]
    readonly doc_of?: Readonly<Record<string, string>>
    readonly line_of?: Readonly<Record<string, number>>
    readonly file_outcome?: readonly string[]
    readonly skip_reason?: string
  }
}

interface Row {
  readonly job_id: number
  readonly status: string
  readonly permanent?: boolean
  readonly skips?: Record<string, number>
  readonly degraded?: boolean
}

const fixture = join(repositoryRoot(), 'edge-worker/test/fixtures/bad-inputs.json')
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Case[] }

describe('bad inputs as whole jobs', function () {
  this.timeout(60_000)
  const house = useHouse()
  let worker: WorkerProcess

  before(async () => {
    worker = await house.stack.startWorker()
  })
  after(() => worker.kill('SIGTERM'))

  for (const { id, target, title, input, expected } of cases.filter((one) => one.target === 'repo' || one.target === 'rust-file')) {
    it(`${id} (${target}): ${title}`, async () => {
      const name = id.replaceAll('-', '_')
      writeRawRepository(
        join(house.git.root, `${name}.git`),
        input.tree ?? fileTree(input.path ?? 'src/lib.rs', input.content ?? { text: '' }),
      )
      const job = await house.stack.submit(house.git.address(name))
      const state = await house.stack.ended(job)
      const row = (await house.stack.history()).find((entry) => entry['job_id'] === job) as unknown as Row
      const outcomes = expected.outcome ?? expected.job_outcome ?? []
      assert.ok(outcomes.includes(outcomeOf(row)), `${outcomeOf(row)}: ${JSON.stringify(row)}`)
      for (const [reason, count] of Object.entries(expected.skips ?? {}))
        assert.equal(row.skips?.[reason], count, JSON.stringify(row.skips))
      if (expected.file_outcome !== undefined) {
        const outcome = Object.keys(row.skips ?? {}).length === 0 ? 'parsed' : 'skipped'
        assert.ok(expected.file_outcome.includes(outcome), JSON.stringify(row.skips))
        if (outcome === 'skipped' && expected.skip_reason !== undefined) assert.equal(row.skips?.[expected.skip_reason], 1)
      }
      if (row.status === 'complete') await checkContents(state, expected)
      assert.deepEqual(await house.stack.leftovers(), [])
      for (const line of worker.log().trim().split('\n')) JSON.parse(line)
      assert.equal((await fetch(`${house.stack.url}/health`)).status, 200)
    })
  }

  it('s-env-02 (env): without an OpenAI key jobs complete, marked degraded, with no model text', async () => {
    const job = await house.stack.submit(await house.git.addWalkdir('keyless'))
    const state = await house.stack.ended(job)
    const row = (await house.stack.history()).find((entry) => entry['job_id'] === job) as unknown as Row
    assert.equal(row.degraded, true)
    const pack = await open(state)
    const names = pack.names.filter((name) => name.startsWith('docs/'))
    assert.ok(names.length > 30)
    for (const name of names) {
      const document = await pack.documentAt(name)
      assert.match(document.generated_by, /^extractive:/)
    }
  })

  async function checkContents(state: JobState, expected: Case['expected']): Promise<void> {
    const pack = await open(state)
    const symbols = await pack.symbols()
    const graph = await pack.graph()
    const files = new Set(graph.nodes.map((node) => node.file))
    for (const file of expected.files_indexed_include ?? []) assert.ok(files.has(file), [...files].join())
    for (const name of expected.symbols_include ?? [])
      assert.ok(
        symbols.some((symbol) => symbol.name === name),
        name,
      )
    for (const [name, docs] of Object.entries(expected.doc_of ?? {}))
      assert.equal(symbols.find((symbol) => symbol.name === name)?.doc_comments, docs)
    for (const [name, line] of Object.entries(expected.line_of ?? {}))
      assert.equal(symbols.find((symbol) => symbol.name === name)?.line, line)
    const html = await (await fetch(house.stack.url)).text()
    for (const excluded of expected.commons_html_excludes ?? []) assert.ok(!html.includes(excluded))
  }

  const open = async (state: JobState) => openDocpack(await house.stack.download(state.output?.docpack_id ?? ''))
})

function outcomeOf(row: Row): string {
  if (row.status === 'failed') return row.permanent === true ? 'failed_permanent' : 'failed_transient'
  if (row.status !== 'complete') return row.status
  return Object.keys(row.skips ?? {}).length === 0 ? 'completed' : 'completed_with_skips'
}

/** One file in the folders that its path names. */
function fileTree(path: string, blob: BytesForm): TreeForm[] {
  const [first = '', ...rest] = path.split('/')
  if (rest.length === 0) return [{ mode: '100644', name: { text: first }, blob }]
  return [{ mode: '40000', name: { text: first }, tree: fileTree(rest.join('/'), blob) }]
}
