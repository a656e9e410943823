import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { startQdrantServer, type QdrantTestServer } from '@doctown/common/test/support/qdrant-server.js'
import { builtInModelFolder } from '../../src/bin/built-in-model.js'
import { openDocpackIndex } from '../../src/cli/search/docpack-index.js'
import type { OpenedIndex } from '../../src/cli/search/opened-index.js'
import { openGitShelf, type GitShelf } from '../support/git-shelf.js'
import { startStack, type Stack } from '../support/stack.js'

/** Names, some misspelt; paths; messages; words; questions. None was chosen for its answer. */
const QUERIES = [
  'WalkDir',
  'DirEntry',
  'follow_links',
  'skipcurentdir',
  'loop ansestor',
  'pathIsSymlink',
  'WalkDir::max_open',
  'IntoIter next',
  'src/error.rs',
  'into_io_error',
  'File system loop found: /a/b points to an ancestor /a',
  'IO error for operation on /root/secret: Permission denied',
  'no parent directory',
  'inode number',
  'file name of an entry',
  'sort by file name',
  'contents first',
  'same file system',
  'depth of the entry',
  'metadata without following links',
  'maximum number of open file descriptors',
  'filter entries by a predicate',
  'which directories are never entered',
  'where are symlink cycles detected',
  'what happens if the minimum depth is greater than the maximum',
  'Returns true if and only if this entry was created from a symbolic link.',
  'Returns the path associated with this error if one exists.',
  'Yield only entries whose depth is at least the given number.',
  'how do I get results in alphabetical order?',
  'where do old directory handles get closed once too many are open',
]

describe('one question through every door', function () {
  this.timeout(120_000)
  let git: GitShelf
  let qdrant: QdrantTestServer
  /** The vector store is a file in the one and a Qdrant in the other. */
  let stacks: readonly [Stack, Stack]
  let index: OpenedIndex

  before(async () => {
    git = await openGitShelf()
    qdrant = await startQdrantServer()
    const inQdrant = { QDRANT_URL: qdrant.url, QDRANT_API_KEY: qdrant.apiKey }
    stacks = await Promise.all([startStack({ allowedHosts: git.origin }), startStack({ allowedHosts: git.origin, environment: inQdrant })])
    const address = await git.addWalkdir('walkdir')
    const docpacks = await Promise.all(stacks.map((stack) => ingest(stack, address)))
    const file = join(stacks[0].folder, 'walkdir.docpack')
    await writeFile(file, await stacks[0].download(docpacks[0]!))
    index = await openDocpackIndex(file, await createStaticTableEmbedder({ folder: builtInModelFolder() }))
  })
  after(async () => {
    await Promise.all((stacks ?? []).map((stack) => stack.close()))
    await qdrant?.close()
    await git?.close()
  })

  async function ingest(stack: Stack, address: string): Promise<string> {
    const worker = await stack.startWorker({ environment: { GRAPH_TRAIN_STEPS: '1' } })
    const state = await stack.ended(await stack.submit(address))
    assert.equal(state.status, 'COMPLETED', JSON.stringify(state))
    await worker.kill('SIGTERM')
    return state.output?.docpack_id ?? ''
  }

  async function ask(stack: Stack, q: string): Promise<string[]> {
    const response = await fetch(`${stack.url}/api/search?${new URLSearchParams({ q, limit: '10' }).toString()}`)
    const body = (await response.json()) as SearchAnswer
    assert.equal(response.status, 200, JSON.stringify(body))
    assert.equal(body.notes, undefined)
    return body.results.map(({ symbol_id }) => symbol_id)
  }

  const doors = [
    ['GET /api/search over a file of vectors', () => stacks[0]],
    ['GET /api/search over a Qdrant', () => stacks[1]],
  ] as const
  for (const [door, stack] of doors) {
    it(`gets from ${door} what doctown search gets from the docpack: the same first in 9 of 10, 8 of the ten`, async () => {
      let [sameFirst, shared] = [0, 0]
      const others: string[] = []
      for (const query of QUERIES) {
        const there = await ask(stack(), query)
        // Pieces of files outside symbols are in the docpack alone: points are of symbols.
        const hits = (await index.find(query, { limit: 20 })).flatMap(({ item }) => item.symbol_id ?? [])
        const here = hits.slice(0, 10)
        if (there[0] === here[0]) sameFirst += 1
        else others.push(`${query}: ${there[0]}, ${here[0]}`)
        shared += here.filter((id) => there.includes(id)).length / here.length
      }
      assert.ok(sameFirst >= 0.9 * QUERIES.length, `${sameFirst} of ${QUERIES.length}\n${others.join('\n')}`)
      assert.ok(shared >= 0.8 * QUERIES.length, `${shared} of ${QUERIES.length}`)
    })
  }

  it('is the same question to the file and to the Qdrant', async () => {
    for (const query of QUERIES) assert.deepEqual(await ask(stacks[0], query), await ask(stacks[1], query), query)
  })
})
