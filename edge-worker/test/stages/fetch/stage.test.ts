import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FetchedRepositorySchema } from '@doctown/common/contracts/source-file.js'
import { fetchFolder, fetchFrom } from '../../support/fetch-run.js'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'
import { WALKDIR_COMMIT, WALKDIR_FOLDER, makeWalkdirRepository } from '../../support/walkdir-repository.js'

describe('the fetch stage on walkdir over smart HTTP', () => {
  let folder: string
  let server: GitServer

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-git-'))
    await makeWalkdirRepository(join(folder, 'walkdir.git'), { bare: true })
    server = await startGitServer(folder)
  })
  after(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('hands on every Rust file of the commit with its text, sorted, and the manifest beside them', async () => {
    const fetched = await fetchFrom(server, 'walkdir.git')
    FetchedRepositorySchema.parse(fetched)
    assert.deepEqual(fetched.repository, { name: 'walkdir', url: `${server.host}/walkdir`, commit_sha: WALKDIR_COMMIT, branch: 'main' })
    assert.equal(fetched.committed_at, 1704067200)
    assert.deepEqual(
      fetched.files.map(({ path }) => path),
      ['src/dent.rs', 'src/error.rs', 'src/lib.rs', 'src/tests/mod.rs', 'src/tests/recursive.rs', 'src/tests/util.rs', 'src/util.rs'],
    )
    for (const { path, text, language } of fetched.files) {
      assert.equal(text, await readFile(join(WALKDIR_FOLDER, path), 'utf8'), path)
      assert.equal(language, 'Rust')
    }
    assert.deepEqual(
      fetched.manifests.map(({ path, language }) => [path, language]),
      [['Cargo.toml', null]],
    )
    assert.equal(fetched.files_detected, 16)
    assert.equal(fetched.files_detected, fetched.files.length + fetched.skipped.length)
    assert.equal(fetched.private, false)
    assert.ok(fetched.pack_bytes > 10_000 && fetched.pack_bytes < 60_000, String(fetched.pack_bytes))
  })

  it('finds the repository whether or not its address ends in .git', async () => {
    assert.equal((await fetchFrom(server, 'walkdir')).repository.commit_sha, WALKDIR_COMMIT)
  })

  it('gives the same from the network as from the folder, but for where it came from', async () => {
    const remote = await fetchFrom(server, 'walkdir.git')
    const local = await fetchFolder(join(folder, 'walkdir.git'))
    assert.deepEqual({ ...local, repository: remote.repository, pack_bytes: remote.pack_bytes }, remote)
  })

  it('tells how far it is, up to the last file', async () => {
    const told: (readonly [number, number | null])[] = []
    await fetchFrom(server, 'walkdir.git', { context: { progress: (done, total) => told.push([done, total]) } })
    assert.deepEqual(told.at(-1), [8, 8])
  })
})
