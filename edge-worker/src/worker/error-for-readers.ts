import { DoctownError } from '@doctown/common/contracts/errors.js'

/**
 * A failure as history, events and status show it to anybody. Our own sentences are made for that; what the system or a library
 * says may name folders and addresses of this machine, and stays in its log.
 */
export function errorForReaders(thrown: unknown): DoctownError {
  if (!(thrown instanceof DoctownError)) return ofStranger(thrown, 'job')
  const isStranger = thrown.code === 'stage_failed' && thrown.cause instanceof Error && !(thrown.cause instanceof DoctownError)
  if (!isStranger) return thrown
  const stage = thrown.details['stage']
  return ofStranger(thrown.cause, typeof stage === 'string' ? `${stage} stage` : 'job')
}

function ofStranger(cause: unknown, what: string): DoctownError {
  // Node's own errors carry a code beside the message.
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined
  if (code === 'ENOSPC')
    return new DoctownError('disk_full', 'The disk of the worker is full; free some space and the job is tried again.', { cause })
  const hint = typeof code === 'string' && /^E[A-Z]+$/.test(code) ? ` (${code})` : ''
  return new DoctownError('stage_failed', `The ${what} failed for a reason that only the worker's log can tell${hint}.`, { cause })
}
