import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { errorForReaders } from '../../src/worker/error-for-readers.js'

describe('what readers are told of a failure', () => {
  const system = (code: string): Error => Object.assign(new Error(`${code}: open '/srv/doctown/secret'`), { code })

  it('is our own sentence as it stands', () => {
    const ours = new DoctownError('git_unavailable', 'The host is away.', { cause: system('ECONNREFUSED') })
    assert.equal(errorForReaders(ours), ours)
  })

  it('names no folder of the worker, but the stage and the code', () => {
    const cause = system('EACCES')
    const wrapped = new DoctownError('stage_failed', `The parse stage failed: ${cause.message}`, { cause, details: { stage: 'parse' } })
    for (const thrown of [cause, wrapped]) {
      const told = errorForReaders(thrown)
      assert.equal(told.code, 'stage_failed')
      assert.doesNotMatch(told.message, /srv|open/)
      assert.match(told.message, /EACCES/)
    }
    assert.match(errorForReaders(wrapped).message, /parse stage/)
    assert.equal(errorForReaders(new TypeError("reading '/etc/x'")).message.includes('/etc'), false)
  })

  it('is disk_full when the disk is full', () => {
    assert.equal(errorForReaders(system('ENOSPC')).code, 'disk_full')
  })
})
