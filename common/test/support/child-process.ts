import { fork, type ChildProcess } from 'node:child_process'

export interface TestChild {
  readonly process: ChildProcess
  /** Messages in the order they came; grows. */
  readonly messages: unknown[]
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>
  /** The next message that `accept` likes, counting those that have come already. */
  message<T>(accept: (message: unknown) => message is T, timeoutMs?: number): Promise<T>
  request<T>(order: object): Promise<T>
}

/** Forks a compiled test file with its options as JSON in the first argument. */
export function startChild(file: URL, options: object): TestChild {
  const child = fork(file, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const messages: unknown[] = []
  const listeners = new Set<() => void>()
  child.on('message', (message) => {
    messages.push(message)
    for (const listener of [...listeners]) listener()
  })
  return {
    process: child,
    messages,
    exited,
    kill: () => {
      child.kill('SIGKILL')
      return exited
    },
    message: (accept, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = messages.find(accept)
          if (found === undefined) return
          clearTimeout(timer)
          listeners.delete(look)
          resolve(found)
        }
        const timer = setTimeout(() => {
          listeners.delete(look)
          reject(new Error(`no such message in ${timeoutMs} ms; there were ${JSON.stringify(messages)}`))
        }, timeoutMs)
        listeners.add(look)
        look()
      }),
    // The children answer one order with one message of the type that their file names.
    request: <T>(order: object) =>
      new Promise<T>((resolve, reject) => {
        child.once('message', (message) => resolve(message as T))
        child.send(order, (error) => error !== null && reject(error))
      }),
  }
}
