import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '@doctown/common/runtime/make-folder.js'

describe('makeFolder', () => {
  let work: string
  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-make-folder-'))
  })
  after(() => rm(work, { recursive: true, force: true }))

  it('makes every missing folder of the path with the mode asked for, and finds them again', async () => {
    await makeFolder(join(work, 'a/b c/d'), 0o700)
    assert.equal((await stat(join(work, 'a/b c/d'))).mode & 0o777, 0o700)
    await makeFolder(join(work, 'a/b c/d'))
  })

  it('can be asked for the same folder many times at once', () =>
    Promise.all(Array.from({ length: 8 }, () => makeFolder(join(work, 'x/y/z')))))

  it('follows a link to a folder', async () => {
    await mkdir(join(work, 'real'))
    await symlink(join(work, 'real'), join(work, 'link'))
    await makeFolder(join(work, 'link/inside'))
    assert.ok((await stat(join(work, 'real/inside'))).isDirectory())
  })

  it('ends with an error below a file, and where the system makes no folder at all', async () => {
    await writeFile(join(work, 'file'), '')
    await assert.rejects(makeFolder(join(work, 'file/below')), { code: 'EEXIST' })
    // On Linux this is the place where mkdir(path, {recursive: true}) of Node 20 never ends.
    await assert.rejects(makeFolder(join('/proc', 'doctown', 'below')))
  })
})
