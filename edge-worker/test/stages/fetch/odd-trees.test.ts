import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { countSkips } from '@doctown/common/contracts/skip.js'
import { fetchFrom, skipLines } from '../../support/fetch-run.js'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'
import { RawRepository, writeRawRepository } from '../../support/raw-git.js'
import type { TreeForm } from '../../support/raw-git.js'

const file = (name: string, text = 'pub fn x() {}\n', mode = '100644'): TreeForm => ({ mode, name: { text: name }, blob: { text } })
const folder = (name: string, tree: readonly TreeForm[], mode = '40000'): TreeForm => ({ mode, name: { text: name }, tree })
const bytes = (hex: string): TreeForm => ({ mode: '100644', name: { hex }, blob: { text: 'pub fn x() {}\n' } })
const content = (name: string, hex: string): TreeForm => ({ mode: '100644', name: { text: name }, blob: { hex } })
const link = (name: string, target: string): TreeForm => ({ mode: '120000', name: { text: name }, blob: { text: target } })
const nest = (depth: number, name: string, inner: readonly TreeForm[]): readonly TreeForm[] =>
  depth === 0 ? inner : [folder(name, nest(depth - 1, name, inner))]

/** Each tree beside a `good.rs`, which every one of them must still give. */
const ODD: readonly {
  readonly title: string
  readonly tree: readonly TreeForm[]
  readonly files?: readonly string[]
  readonly skips: readonly string[]
}[] = [
  {
    title: 'a .git folder with a hook',
    tree: [folder('.git', [file('post-checkout', '#!/bin/sh\n', '100755')])],
    skips: ['.git: unsafe_path'],
  },
  { title: 'a .GIT folder deep inside', tree: [folder('a', [folder('.GIT', [file('config')])])], skips: ['a/.GIT: unsafe_path'] },
  { title: 'the short name of .git', tree: [folder('GIT~1', [file('a.rs')])], skips: ['GIT~1: unsafe_path'] },
  { title: '.git with a dot and a space at the end', tree: [folder('.git. ', [file('a.rs')])], skips: ['.git. : unsafe_path'] },
  {
    title: '.git with a character that HFS+ does not see',
    tree: [folder('.g\u200cit', [file('a.rs')])],
    skips: ['.g\u200cit: unsafe_path'],
  },
  {
    title: '.git as an NTFS stream',
    tree: [folder('.git::$INDEX_ALLOCATION', [file('a.rs')])],
    skips: ['.git::$INDEX_ALLOCATION: unsafe_path'],
  },
  { title: 'a folder called ..', tree: [folder('..', [folder('..', [file('evil.rs')])])], skips: ['..: unsafe_path'] },
  { title: 'a file called .', tree: [file('.')], skips: ['.: unsafe_path'] },
  { title: 'a name with a slash that climbs', tree: [file('../../../evil.rs')], skips: ['../../../evil.rs: unsafe_path'] },
  { title: 'an absolute name', tree: [file('/tmp/evil.rs')], skips: ['/tmp/evil.rs: unsafe_path'] },
  { title: 'a backslash that climbs on Windows', tree: [file('..\\..\\evil.rs')], skips: ['..\\..\\evil.rs: unsafe_path'] },
  { title: 'a link to /etc/passwd', tree: [link('passwd.rs', '/etc/passwd')], skips: ['passwd.rs: symlink'] },
  {
    title: 'a link and a folder of one name',
    tree: [link('src', '/tmp'), folder('src', [file('evil.rs')])],
    skips: ['src: duplicate_path'].concat('src: symlink'),
  },
  {
    title: 'a submodule',
    tree: [
      { mode: '160000', name: { text: 'sub' }, oid: '1'.repeat(40) },
      file('.gitmodules', '[submodule "x"]\n\turl = http://127.0.0.1:1/x\n'),
    ],
    skips: ['.gitmodules: unsupported_language', 'sub: submodule'],
  },
  {
    title: 'a Git LFS pointer',
    tree: [file('big.rs', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`)],
    skips: ['big.rs: lfs_pointer'],
  },
  {
    title: 'two names that are no UTF-8',
    tree: [bytes('fe2e7273'), bytes('ff2e7273')],
    skips: ['%FE.rs: path_not_utf8', '%FF.rs: path_not_utf8'],
  },
  { title: 'a surrogate written as UTF-8', tree: [bytes('eda0802e7273')], skips: ['%ED%A0%80.rs: path_not_utf8'] },
  {
    title: 'one name twice',
    tree: [file('a.rs', 'pub fn first() {}\n'), file('a.rs', 'pub fn second() {}\n')],
    files: ['a.rs'],
    skips: ['a.rs: duplicate_path'],
  },
  {
    title: 'a file and a folder of one name',
    tree: [file('a.rs'), folder('a.rs', [file('b.rs')])],
    files: ['a.rs'],
    skips: ['a.rs: duplicate_path'],
  },
  {
    title: 'a newline and markup in a name',
    tree: [file('a\n<img src=x onerror=alert(1)>.rs')],
    files: ['a\n<img src=x onerror=alert(1)>.rs'],
    skips: [],
  },
  { title: 'terminal escapes in a name', tree: [file('\u001b[2J\u0007.rs')], files: ['\u001b[2J\u0007.rs'], skips: [] },
  { title: 'names equal but for case', tree: [file('Lib.rs'), file('lib.rs')], files: ['Lib.rs', 'lib.rs'], skips: [] },
  {
    title: 'names equal but for their Unicode form',
    tree: [file('\u00e9.rs'), file('e\u0301.rs')],
    files: ['e\u0301.rs', '\u00e9.rs'],
    skips: [],
  },
  {
    title: 'names that mean something to a shell or to Windows',
    tree: [file('-rf.rs'), file('CON.rs'), file('a:b.rs'), file('$(id).rs')],
    files: ['$(id).rs', '-rf.rs', 'CON.rs', 'a:b.rs'],
    skips: [],
  },
  {
    title: 'a name of 256 bytes and one of 255',
    tree: [file(`${'n'.repeat(253)}.rs`), file(`${'m'.repeat(252)}.rs`)],
    files: [`${'m'.repeat(252)}.rs`],
    skips: [`${'n'.repeat(253)}.rs: path_too_long`],
  },
  { title: 'folders nested 600 deep', tree: nest(600, 'd', [file('deep.rs')]), files: [`${'d/'.repeat(600)}deep.rs`], skips: [] },
  {
    title: 'a path of 5,000 bytes',
    tree: nest(50, 'f'.repeat(100), [file('x.rs')]),
    skips: [`${`${'f'.repeat(100)}/`.repeat(40)}${'f'.repeat(100)}: path_too_long`],
  },
  {
    title: 'old and sloppy modes of regular files',
    tree: [file('a.rs', '', '100664'), file('b.rs', '', '100600'), file('c.rs', '', '0100644')],
    files: ['a.rs', 'b.rs', 'c.rs'],
    skips: [],
  },
  { title: 'a device', tree: [file('dev.rs', '', '20000')], skips: ['dev.rs: unsafe_path'] },
  {
    title: 'entries in no order',
    tree: [file('z.rs'), file('a.rs'), folder('m', [file('b.rs'), file('a.rs')])],
    files: ['a.rs', 'm/a.rs', 'm/b.rs', 'z.rs'],
    skips: [],
  },
  {
    title: 'an object that is a tree where a file is named',
    tree: [{ mode: '100644', name: { text: 'tree.rs' }, tree: [file('a.rs')] }],
    skips: ['tree.rs: binary'],
  },
  {
    title: 'text in other encodings',
    tree: [content('utf16.rs', 'fffe7000750062000a00'), content('latin1.rs', '2f2f20e90a'), content('nul.rs', '610062')],
    skips: ['latin1.rs: not_utf8', 'nul.rs: binary', 'utf16.rs: binary'],
  },
  {
    title: 'an empty file and one that is only a byte order mark',
    tree: [content('bom.rs', 'efbbbf'), content('empty.rs', '')],
    files: ['bom.rs', 'empty.rs'],
    skips: [],
  },
  {
    title: 'node_modules and a target beside Cargo.toml',
    tree: [
      file('Cargo.toml', '[package]\n'),
      folder('target', [file('a.rs')]),
      folder('src', [folder('target', [file('kept.rs')])]),
      folder('node_modules', [file('a.rs')]),
    ],
    files: ['src/target/kept.rs'],
    skips: ['Cargo.toml: unsupported_language', 'node_modules: ignored', 'target: ignored'],
  },
]

describe('odd trees, served by the real git', () => {
  let root: string
  let server: GitServer

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-odd-'))
    server = await startGitServer(root)
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  for (const [number, { title, tree, files = [], skips }] of ODD.entries()) {
    it(`${title}: the good file is kept and each odd entry is one skip`, async () => {
      const name = `odd-${number}.git`
      const commit = writeRawRepository(join(root, name), [...tree, file('good.rs', 'pub fn good() {}\n')])
      const fetched = await fetchFrom(server, name)
      assert.equal(fetched.repository.commit_sha, commit)
      const expected = [...files, 'good.rs'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      assert.deepEqual(
        fetched.files.map(({ path }) => path),
        expected,
      )
      assert.deepEqual(skipLines(fetched), skips)
      assert.equal(fetched.files_detected, fetched.files.length + fetched.skipped.length)
    })
  }

  it('a name that is empty, where git serves it, costs only itself', async () => {
    writeRawRepository(join(root, 'empty-name.git'), [{ mode: '100644', name: { text: '' }, blob: { text: '' } }, file('good.rs')])
    const fetched = await fetchFrom(server, 'empty-name.git').catch((error: { code: string }) => error.code)
    if (typeof fetched === 'string') assert.equal(fetched, 'git_protocol')
    else assert.deepEqual([fetched.files.map(({ path }) => path), skipLines(fetched)], [['good.rs'], [': unsafe_path']])
  })

  it('the first of two files of one name is the one that is kept', async () => {
    writeRawRepository(join(root, 'twice.git'), [file('a.rs', 'pub fn first() {}\n'), file('a.rs', 'pub fn second() {}\n')])
    assert.equal((await fetchFrom(server, 'twice.git')).files[0]?.text, 'pub fn first() {}\n')
  })

  it('an object that the tree names and nobody has is an error with a sentence, not a hang', async () => {
    writeRawRepository(join(root, 'missing.git'), [file('good.rs'), { mode: '100644', name: { text: 'gone.rs' }, oid: '2'.repeat(40) }])
    await assert.rejects(fetchFrom(server, 'missing.git'), { code: 'git_protocol' })
  })

  it('a tree that holds itself a million times over is too_many_files within a second or two', async () => {
    const repository = new RawRepository(join(root, 'bomb.git'))
    let tree = repository.tree(Array.from({ length: 10 }, (_, i) => file(`f${i}.rs`)))
    for (let level = 0; level < 7; level++) {
      tree = repository.tree(Array.from({ length: 10 }, (_, i) => ({ mode: '40000', name: { text: `d${i}` }, oid: tree })))
    }
    repository.commit(tree)
    const start = performance.now()
    await assert.rejects(fetchFrom(server, 'bomb.git'), { code: 'too_many_files' })
    assert.ok(performance.now() - start < 10_000)
  })

  it('a commit with a time beyond every calendar and an annotated tag of a tag are read', async () => {
    const repository = new RawRepository(join(root, 'times.git'))
    const tree = repository.tree([file('good.rs')])
    const commit = repository.object(
      'commit',
      Buffer.from(`tree ${tree}\nauthor x <x> 1 +0000\ncommitter x <x> 999999999999999 +0000\n\nx\n`),
    )
    const tag = (of: string, type: string): string =>
      repository.object('tag', Buffer.from(`object ${of}\ntype ${type}\ntag t\ntagger x <x> 1 +0000\n\nx\n`))
    repository.ref('refs/heads/main', commit)
    repository.ref('refs/tags/twice', tag(tag(commit, 'commit'), 'tag'))
    const fetched = await fetchFrom(server, 'times.git', { ref: 'twice' })
    assert.equal(fetched.repository.commit_sha, commit)
    assert.equal(new Date(fetched.committed_at * 1000).toISOString(), '9999-12-31T23:59:59.000Z')
  })

  it('every repository of bad-inputs.json has the skips it states, and nothing beside the server is asked for', async () => {
    const set = JSON.parse(await readFile(join(repositoryRoot(), 'edge-worker/test/fixtures/bad-inputs.json'), 'utf8')) as BadInputs
    const cases = set.cases.filter(({ target }) => target === 'repo')
    assert.equal(cases.length, 4)
    for (const { id, input, expected } of cases) {
      writeRawRepository(join(root, `${id}.git`), input.tree)
      const fetched = await fetchFrom(server, `${id}.git`)
      assert.deepEqual(countSkips(fetched.skipped), expected.skips ?? {}, id)
      const paths = fetched.files.map(({ path }) => path)
      for (const path of expected.files_indexed_include ?? []) assert.ok(paths.includes(path), id)
      const text = fetched.files.map((source) => source.text).join('\n')
      for (const symbol of expected.symbols_include ?? []) assert.ok(text.includes(`fn ${symbol}`), id)
    }
  })
})

interface BadInputs {
  readonly cases: readonly {
    readonly id: string
    readonly target: string
    readonly input: { readonly tree: readonly TreeForm[] }
    readonly expected: {
      readonly skips?: Readonly<Record<string, number>>
      readonly files_indexed_include?: readonly string[]
      readonly symbols_include?: readonly string[]
    }
  }[]
}
