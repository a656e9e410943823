/**
 * The same questions through the two other doors: `doctown search <docpack>` and `GET /api/search`, each crate built, its points written to a local
 * vector store, and a real API asked over HTTP.
 */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { createLocalVectorStore } from '@doctown/common/ports/vector-store/local.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { builtInModelFolder } from '../src/bin/built-in-model.js'
import { openDocpackIndex } from '../src/cli/search/docpack-index.js'
import { pointSourceOf } from '../src/stages/publish/docpack-points.js'
import { indexPoints } from '../src/stages/publish/index-points.js'
import { readPool, type PoolQuery } from './retrieval-pool.js'
import { ASKED, createRanker, type Result } from './retrieval-run.js'

const require = createRequire(import.meta.url)

export interface DoorRanks {
  readonly docpack: ReadonlyMap<string, number>
  readonly api: ReadonlyMap<string, number>
  /** Queries whose first result is the same through both doors, and the mean share of the ten that both have. */
  readonly sameFirst: number
  readonly overlap: number
  /** Of an answer over HTTP. */
  readonly medianMs: number
}

/** Ranks as `runSearch` has them. */
export async function runThroughDoors(
  corpus: string,
  folders: ReadonlyMap<string, string>,
  queries: readonly PoolQuery[],
): Promise<DoorRanks> {
  const [docpackRanks, apiRanks] = [new Map<string, number>(), new Map<string, number>()]
  const small = await createStaticTableEmbedder({ folder: builtInModelFolder() })
  let [sameFirst, shared] = [0, 0]
  const times: number[] = []
  for (const crate of new Set(queries.map((query) => query.crate))) {
    const root = folders.get(crate)
    if (root === undefined) throw new Error(`the corpus has no sources of ${crate}`)
    const work = mkdtempSync(join(tmpdir(), 'doctown-doors-'))
    try {
      const file = join(work, 'crate.docpack')
      build(root, file)
      await writePoints(file, join(work, 'data', 'vectors'))
      const index = await openDocpackIndex(file, small)
      const api = await startApi(join(work, 'data'))
      const rankOf = createRanker(readPool(corpus, crate))
      for (const query of queries.filter((each) => each.crate === crate)) {
        const hits = await index.find(query.query, { limit: ASKED })
        const here = hits.map(({ item: { file, name, start_line, end_line } }): Result => ({ file, symbol: name, start_line, end_line }))
        const begin = performance.now()
        const there = await api.ask(query.query)
        times.push(performance.now() - begin)
        docpackRanks.set(query.query_id, rankOf(query, here))
        apiRanks.set(query.query_id, rankOf(query, there))
        const key = ({ file, symbol, start_line }: Result): string => `${file} ${symbol} ${start_line}`
        const tens = [here, there].map((results) => results.slice(0, 10).map(key))
        sameFirst += tens[0]![0] === tens[1]![0] ? 1 : 0
        shared += tens[0]!.filter((each) => tens[1]!.includes(each)).length / Math.max(1, tens[0]!.length)
      }
      await api.stop()
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  }
  return {
    docpack: docpackRanks,
    api: apiRanks,
    sameFirst: sameFirst / queries.length,
    overlap: shared / queries.length,
    medianMs: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0,
  }
}

/** A folder becomes a repository for as long as its docpack is built. */
function build(root: string, file: string): void {
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', root, '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args])
  git('init', '--quiet')
  git('add', '--all', '--force')
  git('commit', '--quiet', '--message=bench')
  const doctown = join(repositoryRoot(), 'edge-worker/bin/doctown.mjs')
  execFileSync(process.execPath, [doctown, 'build', root, '--no-docs', '--quiet', '--out', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  rmSync(join(root, '.git'), { recursive: true })
}

async function writePoints(file: string, folder: string): Promise<void> {
  const docpack = await openDocpack({ path: file })
  const store = await createLocalVectorStore({ folder })
  await indexPoints(store, await pointSourceOf(docpack, { docpackId: '0'.repeat(20), private: false }), {
    signal: new AbortController().signal,
  })
  await store.close()
  docpack.close()
}

async function startApi(data: string) {
  const child = fork(require.resolve('@doctown/cloud-api/bin/server.js'), [], {
    // Searching needs no queue: nobody listens there.
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      PHAROS_ADMIN_TOKEN: 'x'.repeat(40),
      RATE_LIMIT_READS: '0',
      REDIS_URL: 'redis://127.0.0.1:1',
      DOCTOWN_DATA: data,
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: { ready?: boolean; port?: number }) => message.ready === true && resolve(message.port ?? 0))
    child.once('exit', (code) => reject(new Error(`the API ended with ${code} before it was ready`)))
  })
  return {
    ask: async (q: string): Promise<Result[]> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/search?${new URLSearchParams({ q, limit: String(ASKED) }).toString()}`)
      if (!response.ok) throw new Error(`GET /api/search answered ${response.status}: ${await response.text()}`)
      const { results } = (await response.json()) as { results: readonly (Omit<Result, 'symbol'> & { readonly name: string })[] }
      return results.map(({ file, name, start_line, end_line }) => ({ file, symbol: name, start_line, end_line }))
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
