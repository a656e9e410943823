import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { parseStage } from '../../../src/stages/parse/stage.js'
import { parserBombs } from '../../support/parser-bombs.js'
import { stageContext } from '../context.js'
import { outcomes, parseAll, rustFile } from './collect.js'

const WALKDIR = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')

describe('the parse stage', () => {
  it('gives every file back in order, whatever the batches and the children', async () => {
    const files = Array.from({ length: 57 }, (_, n) =>
      rustFile(`src/m${n}.rs`, `pub fn f${n}() {}\n${'// filler\n'.repeat((n * 7919) % 3000)}`),
    )
    const expected = files.map((file, n) => `${file.path}: f${n}`)
    assert.deepEqual(outcomes(await parseAll(files, { parallel: 3 })), expected)
    assert.deepEqual(outcomes(await parseAll(files, { parallel: 1 })), expected)
  })

  it('reads walkdir with its crate name, its text and its references, and twice the same', async () => {
    const source = (path: string, language: string | null) => ({ path, language, text: readFileSync(join(WALKDIR, path), 'utf8') })
    const files = readdirSync(join(WALKDIR, 'src'))
      .filter((name) => name.endsWith('.rs'))
      .sort()
      .map((name) => source(`src/${name}`, 'Rust'))
    const manifests = [source('Cargo.toml', null)]
    const first = await parseAll(files, { manifests })
    const parsed = first.flatMap((item) => (item.kind === 'parsed' ? [item.parsed] : []))
    assert.deepEqual(
      parsed.map(({ file, text }) => [file, text]),
      files.map(({ path, text }) => [path, text]),
    )
    const entry = parsed.flatMap(({ symbols }) => symbols).find(({ path }) => path === 'walkdir::DirEntry::path')
    assert.equal(entry, undefined, 'DirEntry is defined in the module dent')
    const method = parsed.flatMap(({ symbols }) => symbols).find(({ path }) => path === 'walkdir::dent::DirEntry::path')
    assert.equal(method?.id, 'src/dent.rs#dent::DirEntry::path')
    assert.equal(method?.line, 77)
    assert(parsed.some(({ references }) => references.some(({ kind }) => kind === 'method_call')))
    for (const item of first) parseStage.output.parse(item)
    assert.deepEqual(await parseAll(files, { manifests, parallel: 1 }), first)
  })

  it('joins the docs of a module that lies in another file', async () => {
    const items = await parseAll([rustFile('src/lib.rs', '/// Here.\npub mod a;'), rustFile('src/a.rs', '//! There.\n')])
    const [root] = items
    assert.equal(root?.kind === 'parsed' ? root.parsed.symbols[0]?.doc_comments : null, 'Here.\nThere.')
  })

  it('leaves out what it has no grammar for and what is too large', async () => {
    const items = await parseAll([
      rustFile('src/a.rs', 'fn a() {}'),
      { path: 'x.zig', language: 'Zig', text: '' },
      rustFile('b.rs', ' '.repeat(1024 * 1024 + 1)),
    ])
    assert.deepEqual(outcomes(items), ['src/a.rs: a', 'x.zig: unsupported_language', 'b.rs: too_large'])
  })

  it('takes no files at all', async () => {
    assert.deepEqual(await parseAll([]), [])
  })

  for (const bomb of parserBombs().filter(({ quick }) => quick)) {
    it(`survives ${bomb.name}`, async () => {
      const [item, neighbour] = await parseAll([rustFile('src/lib.rs', bomb.text), rustFile('src/other.rs', 'fn other() {}')], {
        parallel: 1,
      })
      assert(item?.kind === 'parsed')
      const names = new Set(item.parsed.symbols.map(({ name }) => name))
      assert.deepEqual(
        bomb.found.filter((name) => !names.has(name)),
        [],
      )
      assert.equal(neighbour?.kind, 'parsed')
    })
  }

  it('stops with the reason of the signal, and its children are gone', async () => {
    const controller = new AbortController()
    const reason = new DoctownError('cancelled', 'The job was cancelled.')
    const files = Array.from({ length: 200 }, (_, n) => rustFile(`src/m${n}.rs`, 'fn f() { g(); }\n'.repeat(500)))
    const stream = await parseStage.run({ files, manifests: [] }, stageContext({ parallel: 2 }, { signal: controller.signal }))
    let seen = 0
    await assert.rejects(async () => {
      for await (const _item of stream) if (++seen === 3) controller.abort(reason)
    }, reason)
    assert(seen < 200)
    await eventually(() => assert.deepEqual(ownChildren(), []))
  })

  it('ends its children when the reader stops early', async () => {
    const files = Array.from({ length: 50 }, (_, n) => rustFile(`src/m${n}.rs`, 'fn f() {}\n'))
    const stream = await parseStage.run({ files, manifests: [] }, stageContext({ parallel: 2 }))
    for await (const _item of stream) break
    await eventually(() => assert.deepEqual(ownChildren(), []))
  })
})

/** Process ids of this process's parser children; on systems without /proc there is nothing to see. */
function ownChildren(): string[] {
  let entries: string[] = []
  try {
    readlinkSync('/proc/self')
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
  return entries.filter((pid) => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return (
        Number(parent[1]) === process.pid &&
        parent[0] !== 'Z' &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('stages/parse/child')
      )
    } catch {
      return false
    }
  })
}

async function eventually(check: () => void): Promise<void> {
  for (let left = 40; ; left--) {
    try {
      return check()
    } catch (error) {
      if (left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
