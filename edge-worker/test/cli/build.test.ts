import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { doctown } from '../support/doctown.js'

const walkdir = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')

describe('doctown build', () => {
  let work: string
  let docpack: string

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-cli-'))
    docpack = join(work, 'walkdir.docpack')
  })
  after(() => rm(work, { recursive: true, force: true }))

  it('writes the docpack of a folder and prints one JSON object with what it came to', async () => {
    const ran = await doctown(['build', walkdir, '--json', '--out', docpack])
    assert.equal(ran.code, 0, ran.stderr)
    const answer = ran.json<{
      docpack: string
      docpack_id: string
      repository: { url: string; commit_sha: string; branch: string }
      summary: { files_processed: number; language_breakdown: Record<string, number> }
      symbols: number
      edges: number
      clusters: number
      docs_generated: number
      stages: { name: string; seconds: number }[]
      peak_rss_bytes: number
    }>()
    assert.equal(answer.docpack, docpack)
    assert.match(answer.docpack_id, /^[0-9a-f]{20}$/)
    assert.equal(answer.repository.url, 'local/walkdir')
    assert.match(answer.repository.commit_sha, /^worktree-[0-9a-f]{32}$/)
    assert.equal(answer.repository.branch, '')
    // walkdir has its sources, two programs to compare itself with, and a README.
    const { Rust: rust, Markdown: markdown, ...others } = answer.summary.language_breakdown
    assert.deepEqual({ rust, markdown }, { rust: 7, markdown: 1 })
    assert.equal(8 + Object.values(others).reduce((sum, count) => sum + count, 0), answer.summary.files_processed)
    assert.ok(answer.symbols > 40 && answer.edges > 300 && answer.clusters > 1)
    assert.equal(answer.docs_generated, answer.symbols)
    assert.deepEqual(answer.stages.map((stage) => stage.name).sort(), [
      'chunk',
      'cluster',
      'embed',
      'fetch',
      'generate',
      'graph',
      'package',
      'parse',
      'train',
    ])
    assert.ok(answer.peak_rss_bytes > 1e7)
  })

  it('without --json ends with the path, and progress goes to standard error, a line a stage', async () => {
    const ran = await doctown(['build', walkdir, '--no-embed'], { cwd: work })
    assert.equal(ran.code, 0, ran.stderr)
    const last = ran.stdout.trimEnd().split('\n').at(-1) ?? ''
    assert.match(last, /^docpack: .*walkdir-[0-9a-f]{7}\.docpack$/)
    assert.match(ran.stderr, /\[ 2\/10\] parse/)
    await rm(last.slice('docpack: '.length))
  })

  it('leaves nothing behind in the temp folder or beside the docpack', async () => {
    const temporary = join(work, 'tmp')
    await mkdir(temporary)
    const ran = await doctown(['build', walkdir, '--quiet', '--out', join(work, 'again.docpack')], { environment: { TMPDIR: temporary } })
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(ran.stderr, '')
    assert.deepEqual(await readdir(temporary), [])
    assert.deepEqual(
      (await readdir(work)).filter((name) => name.includes('part')),
      [],
    )
  })

  it('can be looked into: manifest, a symbol, its callers and callees, the public API', async () => {
    const manifest = (await doctown(['inspect', docpack, '--json'])).json<{ repository: { name: string }; symbol_count: number }>()
    assert.equal(manifest.repository.name, 'walkdir')
    const [found] = (await doctown(['inspect', docpack, '--json', '--symbol', 'WalkDir'])).json<{ name: string; file: string }[]>()
    assert.deepEqual([found?.name, found?.file], ['WalkDir', 'src/lib.rs'])
    const callees = (await doctown(['inspect', docpack, '--json', '--callees', 'walkdir::IntoIter::filter_entry'])).json<unknown[]>()
    assert.ok(Array.isArray(callees))
    const callers = (await doctown(['inspect', docpack, '--json', '--callers', 'DirEntry::from_path'])).json<{ name: string }[]>()
    assert.ok(callers.length > 0)
    const api = (await doctown(['inspect', docpack, '--json', '--public-api'])).json<{ signature: string }[]>()
    assert.ok(api.length > 30)
  })

  it('is summed up with its largest clusters by name and what its structure vectors are worth', async () => {
    const { stdout } = await doctown(['inspect', docpack])
    assert.match(stdout, /^structure: \S+, AUC 0\.\d+ on \d+ edges held out$/m)
    assert.match(stdout, /^clusters: \d+, the largest: [^,\d]+ \d+(, [^,]+ \d+)*$/m)
  })

  it('can be verified, and a file that is cut short or changed is found out', async () => {
    const whole = await doctown(['verify', docpack, '--json'])
    assert.equal(whole.code, 0, whole.stderr)
    assert.equal(whole.json<{ integrity: { ok: boolean } }>().integrity.ok, true)

    const cut = join(work, 'cut.docpack')
    await copyFile(docpack, cut)
    await truncate(cut, 20_000)
    const short = await doctown(['verify', cut, '--json'])
    assert.equal(short.code, 1)
    assert.equal(short.json<{ integrity: { ok: boolean; problems: string[] } }>().integrity.ok, false)

    const changed = await readFile(docpack)
    const place = changed.length >> 1
    changed[place] = changed[place]! ^ 0xff
    await writeFile(join(work, 'changed.docpack'), changed)
    assert.equal((await doctown(['verify', join(work, 'changed.docpack')])).code, 1)
  })

  const sentences: readonly (readonly [string, (folder: string) => Promise<string[]>, string, RegExp])[] = [
    ['a folder that does not exist', async () => ['./nowhere'], 'folder_not_found', /no folder .\/nowhere/i],
    ['no address at all', async () => ['https://'], 'invalid_repo_url', /neither a folder nor a repository/],
    [
      'an empty git repository',
      async (folder) => {
        execFileSync('git', ['init', '-q', join(folder, 'empty')])
        return [join(folder, 'empty')]
      },
      'repo_empty',
      /commit/,
    ],
    [
      'a folder without a file that it reads',
      async (folder) => {
        await mkdir(join(folder, 'prose'), { recursive: true })
        await writeFile(join(folder, 'prose/README.txt'), 'nothing\n')
        return [join(folder, 'prose')]
      },
      'no_supported_files',
      /\.rs/,
    ],
    [
      'a ref that does not exist',
      async (folder) => {
        const repository = join(folder, 'one')
        execFileSync('git', ['init', '-q', repository])
        await writeFile(join(repository, 'a.rs'), 'pub fn a() {}\n')
        execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', 'add', '.'])
        execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a'])
        return [repository, '--ref', 'no-such-branch']
      },
      'ref_not_found',
      /no-such-branch/,
    ],
    [
      'an --out that cannot be written',
      async () => [walkdir, '--no-embed', '--out', '/proc/no/such.docpack'],
      'data_folder_unwritable',
      /--out/,
    ],
  ]
  for (const [title, prepare, code, sentence] of sentences) {
    it(`says in one sentence what to do about ${title}`, async () => {
      const args = await prepare(work)
      const ran = await doctown(['build', ...args, '--json'], { cwd: work })
      assert.notEqual(ran.code, 0)
      const { error, detail } = ran.json<{ error: string; detail: string }>()
      assert.equal(error, code, detail)
      assert.match(detail, sentence)
      assert.doesNotMatch(detail, /\n|    at /)
    })
  }

  it('refuses a GPU that nothing would use, in a sentence', async () => {
    const ran = await doctown(['build', walkdir, '--json'], { environment: { ONNX_USE_GPU: 'true' } })
    assert.equal(ran.code, 1)
    assert.equal(ran.json<{ error: string }>().error, 'gpu_unavailable')
  })

  it('ends with 130 when it is interrupted, and leaves no docpack', async () => {
    const out = join(work, 'interrupted.docpack')
    const ran = await doctown(['build', walkdir, '--out', out, '--quiet'], { onStart: (kill) => setTimeout(() => kill('SIGINT'), 400) })
    assert.equal(ran.code, 130, ran.stderr)
    await assert.rejects(readFile(out))
  })

  it('calls wrong use by its name with exit code 2, also as JSON', async () => {
    assert.equal((await doctown(['build'])).code, 2)
    assert.equal((await doctown(['no-such-command'])).code, 2)
    assert.equal((await doctown(['build', ''])).code, 2)
    const once = await doctown(['up', '--once', '--json'])
    assert.equal(once.code, 2)
    assert.equal(once.json<{ error: string }>().error, 'usage')
    const flag = await doctown(['build', walkdir, '--no-such-flag', '--json'])
    assert.equal(flag.code, 2)
    assert.equal(flag.json<{ error: string }>().error, 'usage')
  })

  it('tells program, docpack format and built-in model', async () => {
    const ran = await doctown(['--version'])
    assert.equal(ran.code, 0)
    assert.match(ran.stdout, /^doctown \d+\.\d+\.\d+, docpack format 1, built-in model \S+ \S+\n$/)
    const about = (await doctown(['--version', '--json'])).json<{ program: { name: string }; docpack_format: number }>()
    assert.deepEqual([about.program.name, about.docpack_format], ['doctown', 1])
  })
})
