import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import type { StreamSlots } from './sse/stream-slots.js'

/** Hosts wait 30 s after SIGTERM before they kill. */
const GRACE_MS = 25_000

/** Resolves with the port once it is open. Throws `port_in_use`. */
export async function listen(server: Server, port: number): Promise<number> {
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)))
  })
  server.listen(port)
  await Promise.race([once(server, 'listening'), failed])
  // A server that listens on a port has an address of this shape; only pipes have a string.
  return (server.address() as AddressInfo).port
}

function listenError(error: NodeJS.ErrnoException, port: number): DoctownError {
  if (error.code === 'EADDRINUSE') {
    return new DoctownError(
      'port_in_use',
      `Port ${port} is used by another program. Stop that one, or choose a free port with PORT or --port (0 takes any).`,
      {
        cause: error,
      },
    )
  }
  if (error.code === 'EACCES') {
    return new DoctownError('port_in_use', `The system does not let us open port ${port}. Choose one above 1023 with PORT or --port.`, {
      cause: error,
    })
  }
  return new DoctownError('internal', `Port ${port} could not be opened (${error.code ?? error.message}).`, { cause: error })
}

/** Takes no more connections, lets the requests under way end, tells the readers of event streams to come back, then closes what is left. */
export async function stopServing(server: Server, streams: StreamSlots): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  streams.closeAll()
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  const late = new AbortController()
  await Promise.race([closed, sleep(GRACE_MS, late.signal).catch(() => {})])
  late.abort(new Error('closed'))
  clearInterval(idle)
  server.closeAllConnections()
}
