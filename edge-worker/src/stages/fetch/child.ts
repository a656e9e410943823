/**
 * A process of its own for everything that reads a stranger's repository: one file of spaces can cost gigabytes and
 * stop the event loop for seconds (measured fact 5). It lives as long as its parent listens and not a moment longer.
 */
import { asDoctownError, DoctownError } from '@doctown/common/contracts/errors.js'
import type { FromChild, ToChild } from './child-messages.js'
import { readRepository } from './read-repository.js'

process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group; the parent decides when we end.
process.on('SIGINT', () => {})
process.on('unhandledRejection', (error) => void fail(error))
process.on('uncaughtException', (error) => void fail(error))

let giveToken: ((token: string | null) => void) | undefined

// What the parent sends is ours; the type says what it may be.
process.on('message', (message: ToChild) => {
  if (message.kind === 'token') giveToken?.(message.token)
  else run(message.request).catch(fail)
})

async function run(request: Extract<ToChild, { kind: 'start' }>['request']): Promise<void> {
  const facts = await readRepository(request, {
    askToken: async () => {
      const answer = new Promise<string | null>((resolve) => (giveToken = resolve))
      await tell({ kind: 'ask_token' })
      return await answer
    },
    progress: (done, total) => void tell({ kind: 'progress', done, total }),
    send: ({ files, manifests }) => tell({ kind: 'files', files, manifests }),
  })
  await tell({ kind: 'done', facts })
  process.disconnect()
}

let hasFailed = false
async function fail(error: unknown): Promise<void> {
  if (hasFailed) return
  hasFailed = true
  const { code, message } = asFetchError(error)
  await tell({ kind: 'failed', code, message })
  process.exit(1)
}

function asFetchError(error: unknown): DoctownError {
  if (error instanceof DoctownError) return error
  // Node's file errors carry a code; everything else is told by its message, which is ours or zlib's.
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return new DoctownError('disk_full', 'The disk is full; free some space and try again.')
  if (code === 'EACCES' || code === 'EPERM')
    return new DoctownError('folder_not_found', 'The folder cannot be read; check its permissions.')
  return new DoctownError('git_protocol', `The repository's data is broken (${asDoctownError(error).message.slice(0, 200)}).`)
}

function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    // Without a channel the parent is gone, and `disconnect` ends this process.
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })
}
