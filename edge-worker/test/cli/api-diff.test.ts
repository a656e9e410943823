import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ApiChanges } from '../../src/cli/api-changes.js'
import { doctown } from '../support/doctown.js'

const MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
const BEFORE = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': `mod till; pub use till::Till;
    pub fn open(door: u8) -> bool { helper(); door > 0 }
    pub fn close() {}
    pub const LIMIT: u8 = 1;
    fn helper() { open(1); }`,
  'src/till.rs': `/// Money goes here.
    pub struct Till; impl Till { pub fn pay(&self) {} pub fn count(&self) -> u8 { 0 } fn secret(&self) {} }`,
}
const AFTER = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': `mod desk; pub use desk::Till; pub fn lock() {}
    pub fn open(door: u8) -> Result<bool, ()> { Ok(door > 0) }
    pub static LIMIT: u8 = 1;
    fn helper() {}`,
  // The type has moved, which its users do not see.
  'src/desk.rs':
    'pub struct Till; impl Till { pub fn count(&self) -> u8 { 0 } pub(crate) fn pay(&self) {} } impl Clone for Till { fn clone(&self) -> Till { Till } }',
}

describe('doctown api-diff and doctown inspect', () => {
  let work: string
  let before_: string
  let after_: string

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-api-diff-'))
    before_ = await build('before', BEFORE)
    after_ = await build('after', AFTER)
  })
  after(() => rm(work, { recursive: true, force: true }))

  async function build(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(work, name, path)), { recursive: true })
      await writeFile(join(work, name, path), text)
    }
    const docpack = join(work, `${name}.docpack`)
    const ran = await doctown(['build', join(work, name), '--out', docpack, '--quiet', '--no-embed'])
    assert.equal(ran.code, 0, ran.stderr)
    return docpack
  }

  it('tells what users of the second docpack find added, removed and changed, before and after', async () => {
    const ran = await doctown(['api-diff', before_, after_, '--json'])
    assert.equal(ran.code, 0, ran.stderr)
    const { added, removed, changed } = ran.json<ApiChanges>()
    const named = ({ symbol_type: type, path }: { symbol_type: string; path: string }): string => `${type} ${path}`
    assert.deepEqual(added.map(named), ['method shop::<Till as Clone>::clone', 'impl shop::impl Clone for Till', 'function shop::lock'])
    assert.deepEqual(removed.map(named), ['method shop::Till::pay', 'function shop::close'])
    assert.deepEqual(
      changed.map(({ path, differs, before, after }) => [path, differs.join(' '), before.signature, after.signature]),
      [
        ['shop::LIMIT', 'symbol_type signature', 'pub const LIMIT: u8', 'pub static LIMIT: u8'],
        ['shop::open', 'signature return_type', 'pub fn open(door: u8) -> bool', 'pub fn open(door: u8) -> Result<bool, ()>'],
      ],
    )
  })

  it('says the same to a person with - + ~', async () => {
    const ran = await doctown(['api-diff', before_, after_])
    assert.equal(ran.code, 0, ran.stderr)
    const lines = ran.stdout.trimEnd().split('\n')
    assert.equal(lines[0], '3 added, 2 removed, 2 changed')
    assert.deepEqual(
      lines.filter((line) => /^[-+~] /.test(line)),
      [
        '- method shop::Till::pay',
        '- function shop::close',
        '+ method shop::<Till as Clone>::clone',
        '+ impl shop::impl Clone for Till',
        '+ function shop::lock',
        '~ const, now static, shop::LIMIT',
        '~ function shop::open',
      ],
    )
    const same = await doctown(['api-diff', after_, after_])
    assert.equal(same.stdout, 'The public API is the same.\n')
    assert.deepEqual((await doctown(['api-diff', after_, after_, '--json'])).json(), { added: [], removed: [], changed: [] })
  })

  it('fails on what is no docpack, and without a second one is used wrongly', async () => {
    const missing = await doctown(['api-diff', before_, join(work, 'nothing.docpack'), '--json'])
    assert.equal(missing.code, 1)
    assert.equal(typeof missing.json<{ error: string }>().error, 'string')
    assert.equal((await doctown(['api-diff', before_])).code, 2)
  })

  it('inspect --symbol finds by name, path, old path or id, and shows what a person asks first', async () => {
    for (const asked of ['Till', 'shop::Till', 'shop::till::Till', 'src/till.rs#till::Till']) {
      const found = (await doctown(['inspect', before_, '--symbol', asked, '--json'])).json<
        { id: string; path: string; definition_path: string }[]
      >()
      assert.deepEqual(
        found.map(({ id, path, definition_path: defined }) => [id, path, defined]),
        [['src/till.rs#till::Till', 'shop::Till', 'shop::till::Till']],
        asked,
      )
    }
    const shown = await doctown(['inspect', before_, '--symbol', 'shop::Till'])
    assert.equal(
      shown.stdout,
      'struct shop::Till  (public, defined as shop::till::Till)\n  src/till.rs:2\n  pub struct Till\n  Money goes here.\n  0 callers, 0 callees\n',
    )
  })

  it('inspect --callers and --callees follow calls to private symbols too, with how each was found', async () => {
    const ask = async (...question: string[]): Promise<string[]> =>
      (await doctown(['inspect', before_, ...question, '--json']))
        .json<{ id: string; provenance: string; confidence: number }[]>()
        .map((call) => {
          assert.ok(call.provenance !== '' && call.confidence > 0.5)
          return call.id
        })
    assert.deepEqual(await ask('--callers', 'open'), ['src/lib.rs#helper'])
    assert.deepEqual(await ask('--callees', 'shop::open'), ['src/lib.rs#helper'])
    assert.deepEqual(await ask('--callees', 'helper'), ['src/lib.rs#open'])
    assert.equal((await doctown(['inspect', before_, '--callers', 'close'])).stdout, 'Nothing here calls close.\n')
    assert.match(
      (await doctown(['inspect', before_, '--callers', 'helper'])).stdout,
      /^src\/lib\.rs:2 {2}pub fn open\(door: u8\) -> bool {2}\(\w+, [\d.]+\)\n$/,
    )
  })

  it('inspect --public-api lists by path what users can reach, and nothing else', async () => {
    const api = (await doctown(['inspect', before_, '--public-api', '--json'])).json<{ path: string; symbol_type: string }[]>()
    assert.deepEqual(
      api.filter(({ symbol_type: type }) => type !== 'impl').map(({ path }) => path),
      ['shop::LIMIT', 'shop::Till', 'shop::Till::count', 'shop::Till::pay', 'shop::close', 'shop::open'],
    )
    const lines = (await doctown(['inspect', before_, '--public-api'])).stdout.split('\n')
    assert.ok(lines.includes('function   shop::open  pub fn open(door: u8) -> bool'), lines.join('\n'))
  })

  it('inspect takes one question at a time and knows when nothing has the name', async () => {
    assert.equal((await doctown(['inspect', before_, '--symbol', 'open', '--public-api', '--json'])).code, 2)
    const unknown = await doctown(['inspect', before_, '--symbol', 'nobody', '--json'])
    assert.equal(unknown.code, 1)
    assert.equal(unknown.json<{ error: string }>().error, 'not_found')
  })
})
