import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { chunkStage } from '../../src/stages/chunk/stage.js'
import { pieceModel } from '../stages/chunk/models.js'
import { stageContext } from '../stages/context.js'
import { parseAll, rustFile } from '../stages/parse/collect.js'
import { parserBombs } from '../support/parser-bombs.js'

/** limits-and-faults.md, 4: at most 6 s each. */
const LIMIT_MS = 6000

describe('parser bombs', () => {
  it('are at least twenty-five', () => assert(parserBombs().length >= 25))

  for (const bomb of parserBombs()) {
    it(`${bomb.name}: at most six seconds, and no other file is lost`, async () => {
      const neighbours = [rustFile('src/a.rs', 'fn a() {}'), rustFile('src/z.rs', 'fn z() {}')]
      const started = performance.now()
      const [, item] = await parseAll([neighbours[0]!, rustFile('src/bomb.rs', bomb.text), neighbours[1]!], { parallel: 1 })
      const parsedMs = performance.now() - started
      assert(parsedMs <= 2 * LIMIT_MS, `${Math.round(parsedMs)} ms`)
      assert(item !== undefined)
      if (item.kind === 'skipped') return assert(bomb.mayBeSkipped, item.skipped.reason)
      const names = new Set(item.parsed.symbols.map(({ name }) => name))
      assert.deepEqual(
        bomb.found.filter((name) => !names.has(name)),
        [],
      )
      await chunkInTime(item.parsed)
    }).timeout(60_000)
  }
})

async function chunkInTime(parsed: ParsedFile): Promise<void> {
  async function* one(): AsyncGenerator<ParsedFile> {
    yield parsed
  }
  const started = performance.now()
  for await (const chunk of await chunkStage.run(one(), stageContext({ embedders: [pieceModel(256)] }))) assert(chunk.tokens <= 256)
  assert(performance.now() - started <= 2 * LIMIT_MS)
}
