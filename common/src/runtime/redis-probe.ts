import { createConnection } from 'node:net'

/** Sends one line to the server on a unix socket and gives the raw reply; undefined when nothing (or nothing in time) answers. */
export function askRedis(socketPath: string, line: string, timeoutMs = 500): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath)
    let reply = ''
    const finish = (answer: string | undefined): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => finish(undefined))
    socket.on('error', () => finish(undefined))
    socket.on('close', () => finish(undefined))
    socket.on('connect', () => socket.write(`${line}\r\n`))
    socket.on('data', (bytes) => {
      reply += bytes.toString('latin1')
      if (isWhole(reply)) finish(reply)
    })
  })
}

/** Ready to serve; a server that still loads its file answers LOADING. */
export const isRedisReady = async (socketPath: string): Promise<boolean> =>
  (await askRedis(socketPath, 'PING'))?.startsWith('+PONG') ?? false

/** The process id that the server on this socket tells of itself. */
export async function redisProcessId(socketPath: string): Promise<number | undefined> {
  const match = /process_id:(\d+)/.exec((await askRedis(socketPath, 'INFO server')) ?? '')
  return match === null ? undefined : Number(match[1])
}

/** One status line or error, or one bulk string with all its announced bytes. */
function isWhole(reply: string): boolean {
  if (!reply.includes('\r\n')) return false
  if (!reply.startsWith('$')) return true
  return reply.length >= reply.indexOf('\r\n') + 2 + Number(reply.slice(1, reply.indexOf('\r\n')))
}
