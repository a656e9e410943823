import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { openDataFolder, openTempFolder } from '../../src/worker/data-folder.js'

describe("the worker's data folder", () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-data-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  it('is rid of what dead attempts of this worker left, and of nothing that another is using', async () => {
    const folder = await openDataFolder(root)
    await mkdir(join(folder.temp, 'mine', 'job-1-1-x', 'pack'), { recursive: true })
    await mkdir(join(folder.temp, 'other', 'job-2-1-x'), { recursive: true })
    const temp = await openTempFolder(folder, 'mine')
    assert.equal(temp.leftovers, 1)
    assert.deepEqual(await readdir(temp.path), [])
    assert.deepEqual(await readdir(join(folder.temp, 'other')), ['job-2-1-x'])
  })

  it('that cannot be made has a sentence of its own', async () => {
    await writeFile(join(root, 'file'), '')
    await assert.rejects(
      openDataFolder(join(root, 'file', 'data')),
      (error: unknown) => error instanceof DoctownError && error.code === 'data_folder_unwritable' && error.message.includes('--data'),
    )
  })
})
