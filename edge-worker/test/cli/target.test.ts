import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { parseAllowedHosts } from '@doctown/common/contracts/repo-url.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { readTarget } from '../../src/cli/target.js'

describe('what a person calls a repository on the command line', () => {
  it('is a folder when there is one, under its base name', () => {
    const target = readTarget(`${repositoryRoot()}/edge-worker/test/fixtures/walkdir/`, null, [])
    assert.equal(target.kind, 'folder')
    assert.equal(target.repo_url, 'local/walkdir')
  })

  it('is a repository on any https host, with or without the scheme', () => {
    for (const written of ['https://codeberg.org/o/r', 'codeberg.org/o/r.git']) {
      const target = readTarget(written, 'v1', [])
      assert.deepEqual([target.kind, target.repo_url, target.ref, target.trustedOrigins], ['git', 'codeberg.org/o/r', 'v1', []])
    }
  })

  it('is an origin that ALLOWED_GIT_HOSTS trusts, and http nowhere else', () => {
    const target = readTarget('http://127.0.0.1:4711/walkdir.git', null, parseAllowedHosts('http://127.0.0.1:4711'))
    assert.deepEqual(target.trustedOrigins, ['http://127.0.0.1:4711'])
    assert.throws(() => readTarget('http://codeberg.org/o/r', null, []), DoctownError)
  })

  it('that is neither is told apart: a missing folder, or no address', () => {
    const codeOf = (written: string): string => {
      try {
        readTarget(written, null, [])
        return 'accepted'
      } catch (error) {
        return error instanceof DoctownError ? error.code : String(error)
      }
    }
    assert.equal(codeOf('./nowhere'), 'folder_not_found')
    assert.equal(codeOf('nowhere'), 'folder_not_found')
    assert.equal(codeOf('git@github.com:o/r.git'), 'invalid_repo_url')
  })
})
