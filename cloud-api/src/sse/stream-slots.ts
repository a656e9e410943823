import { DoctownError } from '@doctown/common/contracts/errors.js'
import { addressKey } from '../middleware/rate-limit.js'
import { isLoopback } from '../middleware/request-context.js'

/** An open stream that can be told to end, so that its reader comes back to the process that follows this one. */
export interface OpenStream {
  endForRestart(): void
}

export interface StreamSlots {
  /** Throws `too_many_streams`. Call what it gives when the stream has ended. */
  take(address: string, stream: OpenStream): () => void
  /** Ends every stream and admits no more. */
  closeAll(): void
  readonly open: number
}

/** So many streams in all, so many an address (this machine is exempt). */
export function createStreamSlots(limits: { readonly total: number; readonly perAddress: number }): StreamSlots {
  const streams = new Map<OpenStream, string>()
  let isClosing = false
  const refuse = (): never => {
    throw new DoctownError(
      'too_many_streams',
      'Too many event streams are open. Try again later, or ask for the status of the job instead.',
    )
  }
  return {
    take(address, stream) {
      if (isClosing || streams.size >= limits.total) return refuse()
      const key = addressKey(address)
      if (!isLoopback(address) && [...streams.values()].filter((other) => other === key).length >= limits.perAddress) return refuse()
      streams.set(stream, key)
      return () => void streams.delete(stream)
    },
    closeAll() {
      isClosing = true
      for (const stream of [...streams.keys()]) stream.endForRestart()
    },
    get open() {
      return streams.size
    },
  }
}
