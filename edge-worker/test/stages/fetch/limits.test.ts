import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failsWith, fetchFolder, fetchFrom, skipLines } from '../../support/fetch-run.js'
import { git } from '../../support/git-command.js'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'
import { RawRepository, writeRawRepository } from '../../support/raw-git.js'
import type { TreeForm } from '../../support/raw-git.js'
import { makeWalkdirRepository } from '../../support/walkdir-repository.js'

const MiB = 1024 * 1024
const PROCESS = fileURLToPath(new URL('../../support/fetch-process.js', import.meta.url))
const spaces = (name: string, bytes: number): TreeForm => ({ mode: '100644', name: { text: name }, blob: { fill: '20', bytes } })
const good: TreeForm = { mode: '100644', name: { text: 'good.rs' }, blob: { text: 'pub fn good() {}\n' } }

describe('limits of fetch', () => {
  let root: string
  let server: GitServer

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-limits-'))
    server = await startGitServer(root)
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  it('a source file of 1 MiB is read, one byte more is too_large, and so is an object over 32 MiB', async () => {
    writeRawRepository(join(root, 'sizes.git'), [spaces('exact.rs', MiB), good, spaces('huge.rs', 40 * MiB), spaces('over.rs', MiB + 1)])
    const fetched = await fetchFrom(server, 'sizes.git')
    assert.deepEqual(
      fetched.files.map(({ path, text }) => [path, text.length]),
      [
        ['exact.rs', MiB],
        ['good.rs', 17],
      ],
    )
    assert.deepEqual(skipLines(fetched), ['huge.rs: too_large', 'over.rs: too_large'])
  })

  it('texts over the limit together are repo_too_large', async () => {
    writeRawRepository(join(root, 'kept.git'), [spaces('a.rs', MiB), spaces('b.rs', MiB), spaces('c.rs', MiB)])
    await assert.rejects(fetchFrom(server, 'kept.git', { limits: { keptBytes: 2 * MiB } }), failsWith('repo_too_large', /2 MiB/))
    assert.equal((await fetchFrom(server, 'kept.git', { limits: { keptBytes: 3 * MiB } })).files.length, 3)
  })

  it('one tree entry or one source file too many is too_many_files', async () => {
    const files = Array.from({ length: 10 }, (_, i): TreeForm => ({ mode: '100644', name: { text: `${i}.rs` }, blob: { text: '' } }))
    writeRawRepository(join(root, 'ten.git'), files)
    await assert.rejects(fetchFrom(server, 'ten.git', { limits: { treeEntries: 9 } }), failsWith('too_many_files'))
    await assert.rejects(fetchFrom(server, 'ten.git', { limits: { sourceFiles: 9 } }), failsWith('too_many_files'))
    assert.equal((await fetchFrom(server, 'ten.git', { limits: { treeEntries: 10, sourceFiles: 10 } })).files.length, 10)
  })

  it('a file that unpacks to gigabytes costs the child its life and us a sentence, within seconds and while our loop turns', async () => {
    const repository = new RawRepository(join(root, 'memory.git'))
    repository.commit(repository.tree([good, spaces('bomb.rs', 300 * MiB)]))
    let turns = 0
    const ticker = setInterval(() => turns++, 10)
    const before = process.memoryUsage.rss()
    const start = performance.now()
    await assert.rejects(fetchFrom(server, 'memory.git', { limits: { childBytes: 250 * MiB } }), failsWith('repo_too_large', /memory/))
    clearInterval(ticker)
    assert.ok(performance.now() - start < 15_000)
    assert.ok(turns > 20, String(turns))
    assert.ok(process.memoryUsage.rss() - before < 100 * MiB)
  })

  it('the same file in a repository on this disk is one skip, because its length is read before it', async () => {
    const fetched = await fetchFolder(join(root, 'memory.git'), null, { limits: { childBytes: 250 * MiB } })
    assert.deepEqual(skipLines(fetched), ['bomb.rs: too_large'])
  })

  it('5,500 files are read with 256 descriptors, of which loading our own modules takes half', async function () {
    if (process.platform === 'win32') this.skip()
    const many = join(root, 'many')
    await mkdir(many)
    for (let folder = 0; folder < 55; folder++) {
      await mkdir(join(many, `m${folder}`))
      for (let i = 0; i < 100; i++) await writeFile(join(many, `m${folder}/f${i}.rs`), `pub fn f${folder}_${i}() {}\n`)
    }
    git(many, ['init', '--quiet', '--initial-branch=main'])
    git(many, ['add', '--all'])
    git(many, ['commit', '--quiet', '--message=many'])
    const target = JSON.stringify({ kind: 'git', url: `${server.origin}/many/.git`, repo_url: `${server.host}/many`, ref: null })
    const child = spawn('sh', ['-c', 'ulimit -n 256; exec "$@"', 'sh', process.execPath, PROCESS, target, server.origin])
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    await new Promise((resolve) => child.on('close', resolve))
    assert.deepEqual(JSON.parse(printed).files, 5500)
    const folder = JSON.stringify({ kind: 'folder', path: many, repo_url: 'local/many', ref: null })
    const local = spawnSync('sh', ['-c', 'ulimit -n 256; exec "$@"', 'sh', process.execPath, PROCESS, folder], { encoding: 'utf8' })
    assert.equal(JSON.parse(local.stdout).files, 5500)
  })

  it('the child ends when its parent is killed', async function () {
    // Reads /proc; elsewhere nothing lists the children of a process so simply.
    if (process.platform !== 'linux') this.skip()
    await makeWalkdirRepository(join(root, 'walkdir.git'), { bare: true })
    const slow = await startGitServer(root, { hang: true })
    try {
      const target = JSON.stringify({ kind: 'git', url: `${slow.origin}/walkdir.git`, repo_url: 'x/walkdir', ref: null })
      const parent = spawn(process.execPath, [PROCESS, target, slow.origin], { stdio: 'ignore' })
      const pid = await eventually(() => (slow.requests.length > 0 ? childrenOf(parent.pid ?? 0)[0] : undefined))
      parent.kill('SIGKILL')
      await eventually(() => (isRunning(pid) ? undefined : true))
    } finally {
      await slow.close()
    }
  })
})

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return list === '' ? [] : list.split(' ').map(Number)
}

/** A zombie has ended; who must reap it is another matter. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return false
  }
}

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come to pass within 10 s')
}
