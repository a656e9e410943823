/** An event stream read as text, block by block. */
export interface EventStream {
  readonly status: number
  readonly headers: Headers
  /** The next block (`id: ...\nevent: ...\ndata: ...`, a comment or a `retry:`); `undefined` at the end. */
  next(): Promise<string | undefined>
  /** Blocks with data up to the end. */
  rest(): Promise<string[]>
  close(): void
}

export async function openEventStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        return block
      }
      const chunk = await reader?.read()
      if (chunk === undefined || chunk.done) return undefined
      text += chunk.value
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    next,
    rest: async () => {
      const blocks: string[] = []
      for (let block = await next(); block !== undefined; block = await next()) if (block.includes('data: ')) blocks.push(block)
      return blocks
    },
    close: () => abort.abort(),
  }
}
