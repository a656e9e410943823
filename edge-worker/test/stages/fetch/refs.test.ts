import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failsWith, fetchFolder, fetchFrom } from '../../support/fetch-run.js'
import { git } from '../../support/git-command.js'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'

describe('a ref', () => {
  let root: string
  let server: GitServer
  const commits: string[] = []
  const at = { first: '', second: '', tip: '', side: '' }

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-refs-'))
    const work = join(root, 'work')
    git(root, ['init', '--quiet', '--initial-branch=trunk', 'work'])
    const commit = async (text: string): Promise<string> => {
      await writeFile(join(work, 'a.rs'), `${text}\n`)
      git(work, ['add', '--all'])
      git(work, ['commit', '--quiet', `--message=${text}`])
      return git(work, ['rev-parse', 'HEAD'])
    }
    at.first = await commit('first')
    git(work, ['tag', 'light'])
    at.second = await commit('second')
    git(work, ['tag', '--annotate', '--message=x', 'v1.0'])
    git(work, ['checkout', '--quiet', '-b', 'feature/x'])
    at.side = await commit('side')
    git(work, ['tag', 'trunk-too'])
    git(work, ['checkout', '--quiet', 'trunk'])
    git(work, ['tag', 'feature/x', at.first])
    at.tip = await commit('middle').then(() => commit('tip'))
    git(work, ['tag', 'tree-tag', git(work, ['rev-parse', 'HEAD^{tree}'])])
    git(root, ['clone', '--quiet', '--bare', '--mirror', work, 'refs.git'])
    git(root, ['clone', '--quiet', '--bare', '--mirror', work, 'generous.git'])
    git(join(root, 'generous.git'), ['config', 'uploadpack.allowAnySHA1InWant', 'true'])
    git(root, ['init', '--quiet', '--bare', '--initial-branch=main', 'empty.git'])
    git(root, ['clone', '--quiet', '--bare', work, 'unborn.git'])
    git(join(root, 'unborn.git'), ['symbolic-ref', 'HEAD', 'refs/heads/nowhere'])
    git(root, ['clone', '--quiet', '--bare', '--mirror', work, 'detached.git'])
    git(join(root, 'detached.git'), ['update-ref', '--no-deref', 'HEAD', at.side])
    server = await startGitServer(root)
    commits.push(at.first, at.second, at.side, at.tip)
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  const read = async (ref?: string, name = 'refs.git'): Promise<readonly [string, string, string]> => {
    const { repository, files } = await fetchFrom(server, name, ref === undefined ? {} : { ref })
    return [repository.commit_sha, repository.branch, files[0]?.text.trim() ?? '']
  }

  it('left out is the default branch by its name', async () => {
    assert.deepEqual(await read(), [at.tip, 'trunk', 'tip'])
  })

  it('may be a branch, a branch before a tag of its name, a tag, or an annotated tag', async () => {
    assert.deepEqual(await read('trunk'), [at.tip, 'trunk', 'tip'])
    assert.deepEqual(await read('feature/x'), [at.side, 'feature/x', 'side'])
    assert.deepEqual(await read('refs/heads/feature/x'), [at.side, 'feature/x', 'side'])
    assert.deepEqual(await read('light'), [at.first, '', 'first'])
    assert.deepEqual(await read('v1.0'), [at.second, '', 'second'])
  })

  it('may be a commit: of a tip, or of any other where the server hands it out', async () => {
    assert.deepEqual(await read(at.tip), [at.tip, '', 'tip'])
    assert.deepEqual(await read(at.second, 'generous.git'), [at.second, '', 'second'])
  })

  it('may be a commit in the history of a server that does not hand out single commits, in full or short', async () => {
    assert.deepEqual(await read(at.second), [at.second, '', 'second'])
    assert.deepEqual(await read(at.second.slice(0, 9)), [at.second, '', 'second'])
    assert.deepEqual(await read(at.tip.slice(0, 7).toUpperCase()), [at.tip, '', 'tip'])
  })

  it('that is nowhere is ref_not_found and says what to check', async () => {
    for (const ref of ['no-such-branch', 'deadbeef', 'f'.repeat(40)]) {
      await assert.rejects(read(ref), failsWith('ref_not_found', /check its name/), ref)
    }
  })

  it('that names no commit is ref_not_found', async () => {
    await assert.rejects(read('tree-tag'), failsWith('ref_not_found', /names no commit/))
  })

  it('left out of an empty repository is repo_empty', async () => {
    await assert.rejects(read(undefined, 'empty.git'), failsWith('repo_empty', /push a commit/))
  })

  it('left out where the default branch does not exist asks for one', async () => {
    await assert.rejects(read(undefined, 'unborn.git'), failsWith('ref_not_found', /no default branch/))
  })

  it('left out where HEAD is a commit takes that commit', async () => {
    assert.deepEqual((await read(undefined, 'detached.git')).slice(0, 1), [at.side])
  })

  it('means the same in a folder', async () => {
    for (const [ref, sha, branch] of [
      [null, at.tip, 'trunk'],
      ['feature/x', at.side, 'feature/x'],
      ['v1.0', at.second, ''],
      [at.second, at.second, ''],
      [at.second.slice(0, 8), at.second, ''],
    ] as const) {
      const { repository } = await fetchFolder(join(root, 'work'), ref)
      assert.deepEqual([repository.commit_sha, repository.branch], [sha, branch])
    }
    await assert.rejects(fetchFolder(join(root, 'work'), 'nope'), failsWith('ref_not_found'))
    await assert.rejects(fetchFolder(join(root, 'empty.git')), failsWith('repo_empty', /no commit yet/))
  })
})
