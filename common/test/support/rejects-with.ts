import assert from 'node:assert/strict'
import { DoctownError, type ErrorCode } from '../../src/contracts/errors.js'

/** The promise must fail with that code; gives the error for a closer look. */
export async function rejectsWith(code: ErrorCode, promise: Promise<unknown>): Promise<DoctownError> {
  const error = await promise.then(
    () => assert.fail(`expected ${code}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof DoctownError, `not a DoctownError: ${String(error)}`)
  assert.equal(error.code, code, error.message)
  return error
}
