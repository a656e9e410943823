import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyDelta, deltaResultBytes } from '../../../src/stages/fetch/delta.js'
import { GitObjectStore } from '../../../src/stages/fetch/object-store.js'
import { git } from '../../support/git-command.js'
import { makeWalkdirRepository } from '../../support/walkdir-repository.js'

describe('the reader of git objects', () => {
  let root: string
  let repository: string

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-objects-'))
    repository = await makeWalkdirRepository(join(root, 'deltas'))
    for (let i = 0; i < 30; i++) {
      // A window that moves over lines without a pattern: each version is close to its neighbours only, so chains grow long.
      const lines = Array.from(
        { length: 200 },
        (_, at) =>
          `// ${createHash('sha256')
            .update(String(at + i * 20))
            .digest('hex')}`,
      )
      await writeFile(join(repository, 'src/lib.rs'), `${lines.join('\n')}\n`)
      git(repository, ['commit', '--quiet', '--all', `--message=${i}`])
    }
    await writeFile(join(repository, 'big.txt'), `${'x'.repeat(99)}\n`.repeat(50_000))
    git(repository, ['add', '--all'])
    git(repository, ['commit', '--quiet', '--message=big'])
  })
  after(() => rm(root, { recursive: true }))

  const compareAll = (): number => {
    const store = new GitObjectStore(join(repository, '.git/objects'))
    try {
      const lines = git(repository, ['cat-file', '--batch-all-objects', '--batch-check']).split('\n')
      for (const line of lines) {
        const [oid = '', type, size] = line.split(' ')
        const object = store.read(oid, 64 * 1024 * 1024)
        assert.ok(typeof object !== 'string', line)
        assert.deepEqual([object.type, object.bytes.length], [type, Number(size)], line)
        const hash = createHash('sha1').update(`${object.type} ${object.bytes.length}\0`).update(object.bytes)
        assert.equal(hash.digest('hex'), oid)
      }
      return lines.length
    } finally {
      store.close()
    }
  }

  it('gives every loose object as git has it', () => {
    assert.ok(compareAll() > 100)
  })

  it('gives every packed object as git has it, deltas by place and by id', () => {
    git(repository, ['repack', '-adfq', '--depth=50', '--window=50'])
    const packs = join(repository, '.git/objects/pack')
    const inChains = git(packs, ['verify-pack', '-v', ...readdirSync(packs).filter((name) => name.endsWith('.idx'))])
    assert.ok(/chain length = \d\d/.test(inChains), 'git made no long chain')
    assert.ok(compareAll() > 100)
    git(repository, ['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq', '--depth=50', '--window=50'])
    assert.ok(compareAll() > 100)
  })

  it('refuses what is longer than asked for before it is unpacked, and tells what is not there', () => {
    const store = new GitObjectStore(join(repository, '.git/objects'))
    const big = git(repository, ['rev-parse', 'HEAD:big.txt'])
    assert.equal(store.read(big, 4_999_999), 'too_large')
    assert.notEqual(store.read(big, 5_000_000), 'too_large')
    assert.equal(store.read('0'.repeat(40), 100), 'missing')
    assert.deepEqual(store.expand(big.slice(0, 10)), [big])
    store.close()
  })
})

describe('a git delta', () => {
  const base = Buffer.from('0123456789')
  it('copies from its base and inserts its own bytes', () => {
    const delta = Buffer.from([10, 7, 0b10010001, 2, 3, 4, ...Buffer.from('abcd')])
    assert.equal(deltaResultBytes(delta), 7)
    assert.equal(applyDelta(base, delta).toString(), '234abcd')
  })

  it('that copies too much, makes too little, is cut or is for another base is refused', () => {
    for (const bytes of [
      [10, 20, 0b10010001, 2, 9],
      [10, 3, 2, 97, 98],
      [10, 5, 5, 97],
      [10, 5, 0],
      [9, 3, 0b10010001, 0, 3],
      [10],
      [],
      Array.from({ length: 12 }, () => 255),
    ]) {
      assert.throws(() => applyDelta(base, Buffer.from(bytes)), /delta/, bytes.join())
    }
  })
})
