import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failsWith, fetchFolder, skipLines } from '../../support/fetch-run.js'
import { git } from '../../support/git-command.js'
import { WALKDIR_COMMIT, WALKDIR_FOLDER, makeWalkdirRepository } from '../../support/walkdir-repository.js'

describe('a folder', () => {
  let root: string
  before(async () => (root = await mkdtemp(join(tmpdir(), 'doctown-folders-'))))
  after(() => rm(root, { recursive: true }))

  it('that is a git repository gives its HEAD commit and not what lies in the work tree', async () => {
    const folder = await makeWalkdirRepository(join(root, 'walkdir'))
    await writeFile(join(folder, 'src/lib.rs'), 'changed and not committed\n')
    await writeFile(join(folder, 'new.rs'), 'not committed\n')
    const fetched = await fetchFolder(folder)
    assert.deepEqual(fetched.repository, { name: 'walkdir', url: 'local/walkdir', commit_sha: WALKDIR_COMMIT, branch: 'main' })
    assert.equal(fetched.files.length, 7)
    assert.equal(fetched.files.find(({ path }) => path === 'src/lib.rs')?.text, await readFile(join(WALKDIR_FOLDER, 'src/lib.rs'), 'utf8'))
    assert.deepEqual([fetched.pack_bytes, fetched.private], [0, false])
  })

  it('that is a bare repository, a linked work tree, a packed one or one that borrows objects gives the same files', async () => {
    const main = await makeWalkdirRepository(join(root, 'main'))
    await makeWalkdirRepository(join(root, 'bare.git'), { bare: true })
    git(main, ['worktree', 'add', '--quiet', '-b', 'side', join(root, 'linked')])
    git(root, ['clone', '--quiet', '--shared', main, 'borrowing'])
    git(root, ['clone', '--quiet', '--no-local', main, 'packed'])
    git(join(root, 'packed'), ['gc', '--quiet'])
    const texts: string[] = []
    for (const [name, branch] of [
      ['main', 'main'],
      ['bare.git', 'main'],
      ['linked', 'side'],
      ['borrowing', 'main'],
      ['packed', 'main'],
    ] as const) {
      const { repository, files } = await fetchFolder(join(root, name))
      assert.deepEqual([repository.commit_sha, repository.branch], [WALKDIR_COMMIT, branch], name)
      texts.push(JSON.stringify(files))
    }
    assert.equal(new Set(texts).size, 1)
  })

  it('that is no git repository is read as it lies, and its identity is made of paths and contents alone', async () => {
    const first = join(root, 'one/plain')
    const second = join(root, 'two/plain')
    for (const folder of [first, second]) await cp(WALKDIR_FOLDER, folder, { recursive: true })
    const [a, b] = [await fetchFolder(first), await fetchFolder(second)]
    assert.deepEqual(a, b)
    assert.match(a.repository.commit_sha, /^worktree-[0-9a-f]{32}$/)
    assert.deepEqual([a.repository.branch, a.repository.name, a.committed_at], ['', 'plain', 0])
    assert.deepEqual([a.files.length, a.files_detected, a.manifests.map(({ path }) => path)], [7, 16, ['Cargo.toml']])
    await writeFile(join(second, 'README.md'), 'another\n')
    const changed = await fetchFolder(second)
    assert.notEqual(changed.repository.commit_sha, a.repository.commit_sha)
    await rename(join(first, 'src/util.rs'), join(first, 'src/other.rs'))
    assert.notEqual((await fetchFolder(first)).repository.commit_sha, a.repository.commit_sha)
  })

  it('with links, pipes, build output and odd names loses only those', async () => {
    const folder = join(root, 'odd')
    await mkdir(join(folder, 'target/debug'), { recursive: true })
    await mkdir(join(folder, 'node_modules/x'), { recursive: true })
    await writeFile(join(folder, 'good.rs'), '\ufeffpub fn good() {}\r\n')
    await writeFile(join(folder, 'Cargo.toml'), '[package]\n')
    await writeFile(join(folder, 'target/debug/built.rs'), '')
    await writeFile(join(folder, 'node_modules/x/x.rs'), '')
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('fe2e7273', 'hex')]), '')
    await symlink('/etc/passwd', join(folder, 'passwd.rs'))
    await symlink('/', join(folder, 'everything'))
    await symlink('.', join(folder, 'loop'))
    assert.equal(spawnSync('mkfifo', [join(folder, 'pipe.rs')]).status, 0)
    const fetched = await fetchFolder(folder)
    assert.deepEqual(fetched.files, [{ path: 'good.rs', language: 'Rust', text: 'pub fn good() {}\r\n' }])
    assert.deepEqual(skipLines(fetched), [
      '%FE.rs: path_not_utf8',
      'Cargo.toml: unsupported_language',
      'everything: symlink',
      'loop: symlink',
      'node_modules: ignored',
      'passwd.rs: symlink',
      'pipe.rs: unsafe_path',
      'target: ignored',
    ])
    assert.equal(fetched.files_detected, 9)
  })

  it('that is missing, a file, empty, without Rust, or a work tree that lost its repository says what to do', async () => {
    await mkdir(join(root, 'empty'))
    await mkdir(join(root, 'text'))
    await writeFile(join(root, 'text/README.md'), '#\n')
    await mkdir(join(root, 'lost'))
    await writeFile(join(root, 'lost/.git'), 'gitdir: /nowhere/.git/worktrees/lost\n')
    await assert.rejects(fetchFolder(join(root, 'nothing')), failsWith('folder_not_found', /check the path/))
    await assert.rejects(fetchFolder(join(root, 'text/README.md')), failsWith('folder_not_found'))
    await assert.rejects(fetchFolder(join(root, 'empty')), failsWith('repo_empty'))
    await assert.rejects(fetchFolder(join(root, 'text')), failsWith('no_supported_files', /\.rs/))
    await assert.rejects(fetchFolder(join(root, 'text'), 'main'), failsWith('ref_not_found', /no git repository/))
    await assert.rejects(fetchFolder(join(root, 'lost')), failsWith('folder_not_found', /worktree repair/))
  })

  it('whose ids are SHA-256 is refused with a sentence', async () => {
    git(root, ['init', '--quiet', '--object-format=sha256', 'sha256'])
    await assert.rejects(fetchFolder(join(root, 'sha256')), failsWith('git_protocol', /SHA-256/))
  })
})
