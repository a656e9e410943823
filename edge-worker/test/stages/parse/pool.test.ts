import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { createParserPool, type ParserPool, type PoolOptions } from '../../../src/stages/parse/pool.js'
import { outcomes, rustFile } from './collect.js'

/** Takes seconds to parse, so that there is time to kill its child. */
const SLOW = rustFile('src/slow.rs', 'a<b,c>(d);'.repeat(40_000))
const log = { warn: () => {} }

describe('the pool of parsers', () => {
  let pool: ParserPool | null = null
  afterEach(() => pool?.close())

  const open = (options: Partial<PoolOptions> = {}) => {
    const pids: number[] = []
    const created = createParserPool({ size: 1, packages: {}, log, onSpawn: (pid) => pids.push(pid), ...options })
    pool = created
    return { pids, parse: async (files: readonly SourceFile[]): Promise<string[]> => outcomes(await created.parse(files)) }
  }

  it('loses the file that a killed child had, and no other of its batch', async function () {
    this.timeout(20_000)
    const { pids, parse } = open()
    await parse([rustFile('warm.rs', '')])
    const asked = parse([rustFile('a.rs', 'fn a() {}'), SLOW, rustFile('b.rs', 'fn b() {}'), rustFile('c.rs', 'fn c() {}')])
    await new Promise((resolve) => setTimeout(resolve, 700))
    const killed = performance.now()
    process.kill(pids[0] ?? 0, 'SIGKILL')
    assert.deepEqual(await asked, ['a.rs: a', 'src/slow.rs: parser_crashed', 'b.rs: b', 'c.rs: c'])
    assert(performance.now() - killed < 4000)
    assert.equal(pids.length, 2)
  })

  it('gives up on a file at its time limit, and on that file only, without a new child', async () => {
    const { pids, parse } = open({ limitMs: 150 })
    assert.deepEqual(await parse([rustFile('a.rs', 'fn a() {}'), SLOW, rustFile('b.rs', 'fn b() {}')]), [
      'a.rs: a',
      'src/slow.rs: parse_timeout',
      'b.rs: b',
    ])
    assert.equal(pids.length, 1)
  })

  it('kills a child that does not come back by itself, from outside', async () => {
    const { pids, parse } = open()
    await parse([rustFile('warm.rs', '')])
    process.kill(pids[0] ?? 0, 'SIGSTOP')
    assert.deepEqual(await parse([rustFile('stuck.rs', 'fn f() {}'), rustFile('b.rs', 'fn b() {}')]), [
      'stuck.rs: parse_timeout',
      'b.rs: b',
    ])
    assert.equal(pids.length, 2)
  }).timeout(20_000)

  it('starts a new child when one dies while it has nothing to do', async () => {
    const { pids, parse } = open()
    await parse([rustFile('a.rs', '')])
    process.kill(pids[0] ?? 0, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.deepEqual(await parse([rustFile('b.rs', 'fn b() {}')]), ['b.rs: b'])
    assert.equal(pids.length, 2)
  })

  it('starts no more children than it may, and none without work', async () => {
    const { pids, parse } = open({ size: 2 })
    assert.equal(pids.length, 0)
    const batches = Array.from({ length: 12 }, (_, n) => [rustFile(`m${n}.rs`, 'fn f() {}')])
    await Promise.all(batches.map(parse))
    assert(pids.length <= 2)
  })

  it('kills a child that takes more memory than it may', async () => {
    // Node alone takes more than this.
    const { parse } = open({ memoryBytes: 8 * 1024 * 1024 })
    assert.deepEqual(await parse([rustFile('a.rs', 'fn a() {}')]), ['a.rs: parser_crashed'])
  })

  it('says that no parser starts, instead of skipping every file', async () => {
    const { parse } = open({ program: new URL('./no-such-program.js', import.meta.url) })
    const asked = [parse([rustFile('a.rs', 'fn a() {}')]), parse([rustFile('b.rs', 'fn b() {}')])]
    for (const answer of asked) await assert.rejects(answer, { code: 'stage_failed' })
  })

  it('leaves no child behind when its own process is killed', async () => {
    const parent = fork(new URL('./pool-parent.js', import.meta.url), [], { execArgv: [] })
    const [pid] = (await once(parent, 'message')) as [number]
    parent.kill('SIGKILL')
    // The child ends when it next looks up from a file, which five seconds bound.
    for (const until = performance.now() + 10_000; isAlive(pid); await new Promise((resolve) => setTimeout(resolve, 50))) {
      assert(performance.now() < until, 'the child is still there')
    }
  }).timeout(20_000)

  it('rejects what was asked when it is closed', async () => {
    const { parse } = open()
    const asked = [parse([SLOW]), parse([rustFile('later.rs', '')])]
    pool?.close()
    for (const answer of asked) await assert.rejects(answer, { code: 'cancelled' })
    await assert.rejects(parse([rustFile('x.rs', '')]), { code: 'cancelled' })
  })
})

/** A process that has ended but was not yet collected by its new parent counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}
