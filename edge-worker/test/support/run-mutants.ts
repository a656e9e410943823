import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { chunkStage } from '../../src/stages/chunk/stage.js'
import { pieceModel } from '../stages/chunk/models.js'
import { stageContext } from '../stages/context.js'
import { parseAll, rustFile } from '../stages/parse/collect.js'
import { mutants } from './mutants.js'

/** Parses and chunks mutants of walkdir, twice: no file may be lost, no child may die, both runs must agree. */
export async function runMutants(count: number, seed: number): Promise<void> {
  const folder = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir/src')
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.rs'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const files = [...mutants(sources, count, seed)].map((text, n) => rustFile(`src/m${n}.rs`, text))
  const first = await digests(files, 2)
  assert.deepEqual(first.lost, [])
  const second = await digests(files, 1)
  const differ = first.digests.flatMap((digest, n) => (digest === second.digests[n] ? [] : [files[n]?.path]))
  assert.deepEqual(differ, [])
}

async function digests(
  files: Parameters<typeof parseAll>[0],
  parallel: number,
): Promise<{ readonly digests: string[]; readonly lost: string[] }> {
  const window = pieceModel(64)
  const lost: string[] = []
  const all: string[] = []
  for (const item of await parseAll(files, { parallel })) {
    if (item.kind === 'skipped') {
      lost.push(`${item.skipped.file}: ${item.skipped.reason}`)
      all.push(item.skipped.reason)
      continue
    }
    const { parsed } = item
    assert.equal(new Set(parsed.symbols.map(({ id }) => id)).size, parsed.symbols.length, `an id twice in ${parsed.file}`)
    const hash = createHash('sha256').update(JSON.stringify(parsed))
    const chunked = new Set<string | null>()
    async function* one(): AsyncGenerator<typeof parsed> {
      yield parsed
    }
    for await (const chunk of await chunkStage.run(one(), stageContext({ embedders: [window] }))) {
      assert(chunk.tokens <= 64, `a chunk too long in ${parsed.file}`)
      chunked.add(chunk.symbol_id)
      hash.update(chunk.text)
    }
    for (const { id } of parsed.symbols) assert(chunked.has(id), `no chunk for ${id}`)
    all.push(hash.digest('hex'))
  }
  return { digests: all, lost }
}
