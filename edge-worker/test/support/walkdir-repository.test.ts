import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from './git-command.js'
import { makeWalkdirRepository, WALKDIR_COMMIT } from './walkdir-repository.js'

describe('the walkdir repository that tests build', () => {
  it('is the same commit each time, with a work tree and bare', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctown-walkdir-'))
    try {
      for (const bare of [false, true]) {
        const repository = await makeWalkdirRepository(join(folder, `walkdir-${bare}`), { bare })
        assert.equal(git(repository, ['rev-parse', 'refs/heads/main']), WALKDIR_COMMIT)
        assert.equal(git(repository, ['rev-parse', '--is-bare-repository']), String(bare))
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
