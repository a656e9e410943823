import { createServer, createConnection, type Socket } from 'node:net'

export interface FreezingProxy {
  readonly port: number
  /** Keeps every connection open and accepts new ones, but passes no byte: a black hole. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** A TCP port on loopback in front of a unix socket. */
export async function startFreezingProxy(socketPath: string, options: { readonly frozen: boolean }): Promise<FreezingProxy> {
  let isFrozen = options.frozen
  const pairs = new Set<[Socket, Socket]>()
  const server = createServer((near) => {
    const far = createConnection(socketPath)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => {})
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
      from.on('data', (bytes) => to.write(bytes))
      if (isFrozen) from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const all = (): Socket[] => [...pairs].flat()
  return {
    port: address.port,
    freeze: () => {
      isFrozen = true
      for (const socket of all()) socket.pause()
    },
    thaw: () => {
      isFrozen = false
      for (const socket of all()) socket.resume()
    },
    close: async () => {
      for (const socket of all()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
