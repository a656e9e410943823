import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { doctown } from '../support/doctown.js'

const walkdir = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')

interface Answer {
  readonly results: readonly {
    readonly file: string
    readonly start_line: number
    readonly end_line: number
    readonly symbol: string
    readonly symbol_id: string | null
    readonly score: number
    readonly why: string
  }[]
  readonly ms: number
  readonly notes?: readonly string[]
}

describe('doctown search', () => {
  let work: string

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-search-cli-'))
  })
  after(() => rm(work, { recursive: true, force: true }))

  it('finds a misspelt symbol of a folder, with its place and the reason', async () => {
    const ran = await doctown(['search', walkdir, 'skipcurentdir', '-k', '3', '--json'])
    assert.equal(ran.code, 0, ran.stderr)
    const { results, ms } = ran.json<Answer>()
    assert.equal(results.length, 3)
    const [first] = results
    assert.equal(first?.symbol, 'skip_current_dir')
    assert.equal(first.file, 'src/lib.rs')
    assert.ok(first.end_line > first.start_line && ms > 0)
    const source = (await readFile(join(walkdir, first.file), 'utf8')).split('\n')
    assert.match(source[first.start_line - 1] ?? '', /pub fn skip_current_dir/)
    assert.match(first.symbol_id ?? '', /#.*skip_current_dir$/)
    assert.match(first.why, /skip_current_dir/)
  })

  it('searches a docpack by its vectors, and one without vectors by words, which it says', async () => {
    const [full, bare] = [join(work, 'full.docpack'), join(work, 'bare.docpack')]
    assert.equal((await doctown(['build', walkdir, '--no-docs', '--out', full])).code, 0)
    assert.equal((await doctown(['build', walkdir, '--no-docs', '--no-embed', '--out', bare])).code, 0)
    const [one, two] = [
      await doctown(['search', full, 'follow symbolic links', '--json']),
      await doctown(['search', bare, 'follow_links', '--json']),
    ]
    assert.equal(one.code, 0, one.stderr)
    assert.ok(
      one
        .json<Answer>()
        .results.slice(0, 3)
        .some(({ symbol }) => symbol === 'follow_links'),
    )
    assert.ok(one.json<Answer>().results.some(({ why }) => why.includes('similar meaning')))
    assert.equal(one.json<Answer>().notes, undefined)
    assert.equal(two.code, 0, two.stderr)
    assert.equal(two.json<Answer>().results[0]?.symbol, 'follow_links')
    assert.match(two.json<Answer>().notes?.[0] ?? '', /no vectors/)
    assert.match(two.stderr, /no vectors/)
  })

  it('finds in a docpack what it finds in the folder: messages and bodies, private symbols, pieces outside symbols', async () => {
    const [folder, docpack] = [join(work, 'same'), join(work, 'same.docpack')]
    await mkdir(join(folder, 'src'), { recursive: true })
    await writeFile(join(folder, 'Cargo.toml'), '[package]\nname = "same"\nversion = "1.0.0"\nedition = "2021"\n')
    await writeFile(
      join(folder, 'src/lib.rs'),
      'mod inner;\n\n// The zeppelin is restarted by hand, which nobody who reads the source of this file would ever have guessed without this remark.\n\n' +
        'pub fn open(path: &str) -> Result<(), String> {\n    Err(format!("no socket at {} after {} tries", path, 3))\n}\n\npub fn close() {}\n',
    )
    await writeFile(
      join(folder, 'src/inner.rs'),
      'fn shuffle(deck: &mut Vec<u8>) {\n    let pivot = deck.len() / 2;\n    deck.rotate_left(pivot);\n}\n',
    )
    const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args])
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'a')
    assert.equal((await doctown(['build', folder, '--out', docpack])).code, 0)
    for (const [query, found] of [
      ['no socket at /tmp/x after 7 tries', 'open'],
      ['pivot rotate left', 'shuffle'],
      ['zeppelin restarted by hand', 'lib.rs'],
    ] as const) {
      const [there, here] = [
        (await doctown(['search', folder, query, '--json'])).json<Answer>(),
        (await doctown(['search', docpack, query, '--json'])).json<Answer>(),
      ]
      assert.equal(here.results[0]?.symbol, found, query)
      const place = ({ file, start_line, symbol_id }: Answer['results'][number]) => ({ file, start_line, symbol_id })
      assert.deepEqual(place(here.results[0]), place(there.results[0]!), query)
    }
  })

  it('reads a folder once: a second search takes it from the cache, until a file changes or it is told not to', async () => {
    const [folder, cache] = [join(work, 'twice'), join(work, 'twice-cache')]
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'a.rs'), 'pub fn open_gate() {}\npub fn close_gate() {}\n')
    const search = async (...flags: string[]): Promise<Answer['results']> => {
      const ran = await doctown(['search', folder, 'opening a gate', '--json', ...flags], { environment: { XDG_CACHE_HOME: cache } })
      assert.equal(ran.code, 0, ran.stderr)
      return ran.json<Answer>().results
    }
    const entries = (): Promise<string[]> => readdir(join(cache, 'doctown/search')).catch(() => [])
    const first = await search('--no-cache')
    assert.deepEqual(await entries(), [])
    assert.deepEqual(await search(), first)
    const [entry, ...others] = await entries()
    assert.ok(entry !== undefined && others.length === 0)
    const before = (await stat(join(cache, 'doctown/search', entry))).ino
    assert.deepEqual(await search(), first)
    assert.equal((await stat(join(cache, 'doctown/search', entry))).ino, before, 'not written again')
    await writeFile(join(cache, 'doctown/search', entry), 'broken')
    assert.deepEqual(await search(), first)
    await writeFile(join(folder, 'a.rs'), 'pub fn close_gate() {}\n')
    assert.deepEqual(
      (await search()).map(({ symbol }) => symbol),
      ['close_gate'],
    )
    assert.equal((await entries()).length, 2)
  })

  it('finds text outside symbols and files of languages that have no folder', async () => {
    const folder = join(work, 'mixed')
    await mkdir(join(folder, 'deploy'), { recursive: true })
    await writeFile(join(folder, 'lib.rs'), 'pub fn open() {}\n')
    await writeFile(join(folder, 'deploy', 'notes.md'), '# Notes\n\nThe zeppelin server is restarted by hand after an outage.\n')
    const ran = await doctown(['search', folder, 'zeppelin outage', '-k', '1', '--json'])
    assert.equal(ran.code, 0, ran.stderr)
    const [first] = ran.json<Answer>().results
    assert.equal(first?.file, 'deploy/notes.md')
    assert.deepEqual([first.start_line, first.end_line], [1, 3])
  })

  it('leaves out what git ignores, also by the lists of the folders above', async () => {
    const folder = join(work, 'cloned')
    await mkdir(join(folder, '.git'), { recursive: true })
    await mkdir(join(folder, 'part', 'dist'), { recursive: true })
    await writeFile(join(folder, '.gitignore'), 'dist\n')
    await writeFile(join(folder, 'part', '.gitignore'), '/made.rs\n')
    for (const file of ['part/dist/a.rs', 'part/made.rs', 'part/own.rs']) await writeFile(join(folder, file), 'pub fn zeppelin() {}\n')
    for (const asked of [folder, join(folder, 'part')]) {
      const ran = await doctown(['search', asked, 'zeppelin', '--json'])
      assert.equal(ran.code, 0, ran.stderr)
      const files = ran.json<Answer>().results.map(({ file }) => file)
      assert.deepEqual([...new Set(files.filter((file) => file.endsWith('.rs')))], [asked === folder ? 'part/own.rs' : 'own.rs'])
    }
  })

  it('answers a file of queries in their order, an empty one with nothing', async () => {
    const [queries, out] = [join(work, 'in.jsonl'), join(work, 'out.jsonl')]
    await writeFile(
      queries,
      '{"id":"b","query":"depth of a directory entry"}\n\n{"id":"a","query":" "}\n{"id":"c","query":"loop_ancestor"}\n',
    )
    const ran = await doctown(['search', '--root', walkdir, '--queries', queries, '--out', out, '-k', '5', '--json'])
    assert.equal(ran.code, 0, ran.stderr)
    const answer = ran.json<{ queries: number; index_seconds: number; query_ms_p50: number }>()
    assert.equal(answer.queries, 3)
    assert.ok(answer.index_seconds > 0 && answer.query_ms_p50 > 0)
    const lines = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer & { id: string })
    assert.deepEqual(
      lines.map(({ id, results }) => [id, results.length]),
      [
        ['b', 5],
        ['a', 0],
        ['c', 5],
      ],
    )
    assert.deepEqual(Object.keys(lines[0]?.results[0] ?? {}), ['file', 'start_line', 'end_line', 'symbol', 'score'])
    assert.equal(lines[2]?.results[0]?.symbol, 'loop_ancestor')
    assert.match(ran.stderr, /1 of 3 queries are empty/)
  })

  for (const [what, args, code, error] of [
    ['a folder that is not there', ['search', 'no-such-folder', 'x'], 2, 'folder_not_found'],
    ['an empty query', ['search', walkdir, ' '], 2, 'usage'],
    ['no query', ['search', walkdir], 2, 'usage'],
    ['half of the bulk form', ['search', '--root', walkdir], 2, 'usage'],
    ['a file of queries that is not there', ['search', '--root', walkdir, '--queries', 'no-such-file', '--out', 'x'], 2, 'usage'],
    ['a limit that is no number', ['search', walkdir, 'x', '-k', 'ten'], 2, 'usage'],
    ['a mode that nobody knows', ['search', walkdir, 'x', '--mode', 'magic'], 2, 'usage'],
  ] as const) {
    it(`refuses ${what} with ${error}`, async () => {
      const ran = await doctown([...args, '--json'], { cwd: work })
      assert.equal(ran.code, code, ran.stderr)
      assert.equal(ran.json<{ error: string }>().error, error)
    })
  }

  it('names the line of a query that cannot be read, and writes nothing', async () => {
    const [queries, out] = [join(work, 'bad.jsonl'), join(work, 'bad-out.jsonl')]
    await writeFile(queries, '{"id":"a","query":"x"}\n{"id":"b"}\n')
    const ran = await doctown(['search', '--root', walkdir, '--queries', queries, '--out', out, '--json'])
    assert.equal(ran.code, 2)
    assert.deepEqual([ran.json<{ error: string; line: number }>().error, ran.json<{ error: string; line: number }>().line], ['usage', 2])
    await assert.rejects(readFile(out), { code: 'ENOENT' })
  })

  it('says before it reads the folder that the answers cannot be written', async () => {
    const queries = join(work, 'one.jsonl')
    await writeFile(queries, '{"id":"a","query":"x"}\n')
    for (const out of [join(work, 'no-such-folder/out.jsonl'), work]) {
      const ran = await doctown(['search', '--root', walkdir, '--queries', queries, '--out', out, '--json'])
      assert.equal(ran.code, 1)
      assert.equal(ran.json<{ error: string }>().error, 'data_folder_unwritable')
      assert.doesNotMatch(ran.stderr, /indexed/)
    }
  })

  it('tells that a second model is at work on a folder, whose items a transformer takes long for', async () => {
    const environment = { MODEL_PATH: join(repositoryRoot(), 'common/test/fixtures/tiny-onnx'), ONNX_USE_GPU: 'false' }
    const ran = await doctown(['search', walkdir, 'loop ancestor', '--json'], { environment })
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stderr, /^\[ 4\/10\] embed$/m)
    assert.equal(ran.json<Answer>().results[0]?.symbol, 'loop_ancestor')
  })

  it('writes through a link, such as /dev/stdout, instead of replacing it', async () => {
    const [queries, link, target] = [join(work, 'linked.jsonl'), join(work, 'link'), join(work, 'target')]
    await writeFile(queries, '{"id":"a","query":"loop ancestor"}\n')
    await writeFile(target, '')
    await symlink(target, link)
    const ran = await doctown(['search', '--root', walkdir, '--queries', queries, '--out', link, '-k', '1'])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(await readFile(target, 'utf8'), /^\{"id":"a","results":\[\{/)
    assert.ok((await lstat(link)).isSymbolicLink())
  })

  it('writes into a pipe that is there instead of replacing it', async () => {
    const [queries, pipe] = [join(work, 'piped.jsonl'), join(work, 'pipe')]
    await writeFile(queries, '{"id":"a","query":"loop ancestor"}\n')
    execFileSync('mkfifo', [pipe])
    const [ran, text] = await Promise.all([
      doctown(['search', '--root', walkdir, '--queries', queries, '--out', pipe, '-k', '1']),
      readFile(pipe, 'utf8'),
    ])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(text, /^\{"id":"a","results":\[\{/)
    assert.ok((await stat(pipe)).isFIFO())
  })

  const isRoot = process.getuid?.() === 0
  it(`says of a folder without rights that it may not be read${isRoot ? ' (root may read everything: the folder is read)' : ''}`, async () => {
    const closed = join(work, 'closed')
    await mkdir(closed)
    await writeFile(join(closed, 'a.rs'), 'pub fn opened() {}\n')
    await chmod(closed, 0o000)
    const ran = await doctown(['search', closed, 'opened', '--json'])
    await chmod(closed, 0o700)
    if (isRoot) assert.equal(ran.json<Answer>().results[0]?.symbol, 'opened')
    else assert.match(ran.json<{ detail: string }>().detail, /may not be read/)
  })
})
