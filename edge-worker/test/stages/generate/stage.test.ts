import { DocumentSchema } from '@doctown/common/contracts/document.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { symbolFileName } from '@doctown/common/runtime/symbol-file-name.js'
import assert from 'node:assert/strict'
import type { GenerateOutput } from '../../../src/pipeline/stage-io.js'
import { clusterStage } from '../../../src/stages/cluster/stage.js'
import { generateStage } from '../../../src/stages/generate/stage.js'
import { stageContext } from '../context.js'
import { graphOf, symbol } from '../graph-fixture.js'

const repository = { name: 'app', url: 'local/app', commit_sha: 'a'.repeat(40), branch: 'main' }

const read = symbol({
  path: 'app::read',
  signature: 'pub fn read(path: &Path, limit: usize) -> io::Result<String>',
  parameters: [
    { name: 'path', param_type: '&Path' },
    { name: 'mut limit', param_type: 'usize' },
  ],
  return_type: 'io::Result<String>',
  doc_comments: 'Reads a file. All of it.\n\n- `limit`: bytes at most\n\n# Errors\n\nWhen it is gone.',
  attributes: ['#[deprecated(since = "1.2.0", note = "use `load`")]', '#[must_use]', '#[cfg(feature = "fs")]'],
})
const bare = symbol({ path: 'app::bare', doc_comments: '# Heading alone' })
const twins = [1, 2].map((line) =>
  symbol({ path: 'app::twin', id: `src/lib.rs#twin${line === 1 ? '' : '~2'}`, signature: 'pub fn twin()', line }),
)
const symbols: readonly Symbol[] = [read, bare, ...twins].sort((a, b) => (a.id < b.id ? -1 : 1))

async function generate(given: readonly Symbol[] = symbols): Promise<GenerateOutput> {
  const graph = graphOf(symbols, [...symbols.map((each) => [each.file, each.id, 'contains'] as const), [read.id, bare.id, 'calls']])
  const { clusters, contexts } = await clusterStage.run({ graph, symbols }, stageContext({}))
  return generateStage.run({ symbols: given, graph, contexts, clusters, repository }, stageContext({}))
}

describe('the generate stage', () => {
  it('writes one document a symbol, each with a summary and without claims', async () => {
    const { documents } = await generate()
    assert.deepEqual(
      documents.map((document) => document.symbol),
      symbols.map((each) => each.id),
    )
    for (const document of documents) {
      DocumentSchema.parse(document)
      assert.deepEqual(document.claims, [])
    }
  })

  it('takes a documented symbol from its comment', async () => {
    const { documents } = await generate([read])
    assert.deepEqual(documents[0], {
      symbol: read.id,
      summary: 'Reads a file.',
      description: 'All of it.\n\n- `limit`: bytes at most',
      parameters: [
        { name: 'path', type: '&Path', description: '' },
        { name: 'mut limit', type: 'usize', description: 'bytes at most' },
      ],
      returns: '`io::Result<String>`',
      errors: 'When it is gone.',
      example: null,
      notes: [
        'Deprecated since 1.2.0: use `load`.',
        'The result must be used.',
        'Compiled only under `feature = "fs"`.',
        'See also `twin`.',
      ],
      claims: [],
      generated_by: 'extractive:comment',
    })
  })

  it('composes a summary where the comment holds no sentence', async () => {
    const { documents } = await generate([bare])
    assert.equal(documents[0]?.generated_by, 'extractive:facts')
    assert.match(documents[0]?.summary ?? '', /`app`.*`read`/)
  })

  it('tells two symbols apart that differ in nothing but their place', async () => {
    const { documents } = await generate(twins)
    assert.notEqual(documents[0]?.summary, documents[1]?.summary)
  })

  it('says that no model wrote and that nothing was paid', async () => {
    const { degraded, languageModel, usage } = await generate()
    assert.deepEqual([degraded, languageModel, usage], [true, null, { input_tokens: 0, output_tokens: 0, usd: 0 }])
  })

  it('gives the same output for the same input', async () => assert.deepEqual(await generate(), await generate()))

  it('writes an overview whose counts are those of the input', async () => {
    const { overview } = await generate()
    assert.match(overview, /^# app\n/)
    assert.match(overview, /4 documented symbols in Rust/)
    assert.match(overview, /`a{12}` of `main`/)
    assert.match(overview, /- `read` \(function, `src\/lib\.rs:1`\): Reads a file\./)
  })

  it('lets nothing that a stranger wrote become a tag or a link on the front pages', async () => {
    const evil = symbol({ path: 'app::evil', doc_comments: 'Runs <script>x</script> and \\[this\\](javascript:alert) and `<kept>`.' })
    const { overview, llms } = await generateStage.run(
      { symbols: [evil], graph: graphOf([evil], []), contexts: [], clusters: [], repository },
      stageContext({}),
    )
    for (const page of [overview, llms]) {
      assert.ok(page.includes('Runs \\<script>x\\</script> and \\[this\\](javascript:alert) and `<kept>`.'), page)
    }
  })

  it('writes llms.txt as a title, a quote and sections of links, each document link the name of an entry', async () => {
    const { llms } = await generate()
    assert.match(llms, /^# app\n\n> [^\n]+\n\n/)
    const links = [...llms.matchAll(/^- \[[^\]]+\]\(([^)]+)\)/gm)].map((match) => match[1])
    for (const name of symbols.map((each) => `docs/${symbolFileName(each.id)}.json`)) assert.ok(links.includes(name), name)
  })

  it('tells a repository without a public symbol from a build without documents', async () => {
    const { overview: leftOut } = await generate([])
    assert.match(leftOut, /left out of this build/)
    const graph = { nodes: [], edges: [] }
    const input = { symbols: [], graph, contexts: [], clusters: [], repository }
    const { documents, overview, llms } = await generateStage.run(input, stageContext({}))
    assert.deepEqual(documents, [])
    assert.match(overview, /--include-private/)
    assert.match(llms, /^# app\n/)
  })

  it('stops with the reason of the signal', async () => {
    const many = Array.from({ length: 400 }, (_, at) => symbol({ path: `app::f${at}` }))
    const context = stageContext({}, { signal: AbortSignal.abort(new Error('stop now')) })
    const input = { symbols: many, graph: { nodes: [], edges: [] }, contexts: [], clusters: [], repository }
    await assert.rejects(async () => generateStage.run(input, context), /stop now/)
  })
})
