import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { checkedLookup } from '../../../src/stages/fetch/checked-request.js'
import { createGitHttp } from '../../../src/stages/fetch/git-http.js'
import type { ResolvedAddress } from '../../../src/stages/fetch/checked-request.js'
import { failsWith } from '../../support/fetch-run.js'

const limits = { packBytes: 1024 * 1024, connectMs: 2000, idleMs: 2000 }
const loopback = { address: '127.0.0.1', family: 4 }
const github = { address: '140.82.112.3', family: 4 }

/** Answers each call with the next list; counts the calls. */
const resolver = (...answers: readonly (readonly ResolvedAddress[])[]) => {
  const asked: string[] = []
  return { asked, resolve: async (host: string) => answers[Math.min(asked.push(host), answers.length) - 1] ?? [] }
}

describe('the HTTP client for git', () => {
  it('connects to the address that was checked and asks for it once', async () => {
    const server = createServer((_request, response) => response.end('here'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const { asked, resolve } = resolver([loopback], [{ address: '127.0.0.99', family: 4 }])
      const origin = `http://forge.invalid:${port}`
      const http = createGitHttp({ trustedOrigins: [origin], limits, resolve, counter: { all: 0, pack: 0 } })
      const response = await http.request({ url: `${origin}/x/info/refs` })
      const parts: Uint8Array[] = []
      for await (const part of response.body ?? []) parts.push(part)
      assert.equal(Buffer.concat(parts).toString(), 'here')
      assert.deepEqual(asked, ['forge.invalid'])
    } finally {
      server.close()
    }
  })

  it('refuses a name that has a private address, alone or beside a public one, without a connection', async () => {
    let connections = 0
    const server = createServer().on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      for (const answer of [
        [loopback],
        [github, loopback],
        [{ address: '::1', family: 6 }],
        [{ address: '::ffff:127.0.0.1', family: 6 }],
      ]) {
        const http = createGitHttp({ trustedOrigins: ['http://127.0.0.1:1'], limits, ...resolver(answer), counter: { all: 0, pack: 0 } })
        await assert.rejects(http.request({ url: `https://forge.invalid:${port}/x/info/refs` }), failsWith('address_refused'))
      }
      assert.equal(connections, 0)
    } finally {
      server.close()
    }
  })

  it('is not fooled by a name that is public when asked first and private when asked again', async () => {
    const { asked, resolve } = resolver([github], [loopback])
    const given = await new Promise((done) =>
      checkedLookup({ resolve, isTrusted: false })('rebind.invalid', { all: true }, (_error, addresses) => done(addresses)),
    )
    assert.deepEqual(given, [github])
    assert.deepEqual(asked, ['rebind.invalid'])
  })

  it('refuses private addresses in every spelling and plain http, before any look-up', async () => {
    const { asked, resolve } = resolver([github])
    for (const url of [
      'https://127.0.0.1/o/r',
      'https://[::1]/o/r',
      'https://[::ffff:127.0.0.1]/o/r',
      'https://2130706433/o/r',
      'https://0x7f.1/o/r',
      'https://169.254.169.254/latest',
      'http://github.com/o/r',
    ]) {
      const http = createGitHttp({ trustedOrigins: ['http://127.0.0.1:4711'], limits, resolve, counter: { all: 0, pack: 0 } })
      await assert.rejects(http.request({ url }), failsWith('address_refused'), url)
    }
    assert.deepEqual(asked, [])
  })

  it('trusts an origin with its scheme and its port and nothing else of that host', async () => {
    for (const url of ['http://127.0.0.1:4712/r', 'https://127.0.0.1:4711/r', 'http://127.0.0.1/r']) {
      const http = createGitHttp({ trustedOrigins: ['http://127.0.0.1:4711'], limits, counter: { all: 0, pack: 0 } })
      await assert.rejects(http.request({ url }), failsWith('address_refused'), url)
    }
  })

  it('says that nobody listens, in a sentence, as a passing trouble', async () => {
    const http = createGitHttp({ trustedOrigins: ['http://127.0.0.1:1'], limits, counter: { all: 0, pack: 0 } })
    await assert.rejects(http.request({ url: 'http://127.0.0.1:1/r' }), failsWith('git_unavailable', /ECONNREFUSED/))
  })

  it('gives up on a server that takes the connection and never begins TLS, after the connect time', async () => {
    const sockets = new Set<Socket>()
    const server = createTcpServer((socket) => void sockets.add(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const http = createGitHttp({ trustedOrigins: [origin], limits: { ...limits, connectMs: 300 }, counter: { all: 0, pack: 0 } })
      const start = performance.now()
      await assert.rejects(http.request({ url: `${origin}/r` }), failsWith('clone_timeout', /did not accept a connection within 0\.3 s/))
      assert.ok(performance.now() - start < 2000)
    } finally {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  })

  it('takes half a list of refs for what it is and not for an empty repository', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      for (const [tail, isWhole] of [
        ['', true],
        ['003f', false],
      ] as const) {
        server.removeAllListeners('request')
        server.on('request', (_request, response: ServerResponse) => {
          response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
          response.end(`001e# service=git-upload-pack\n0000${tail}`)
        })
        const http = createGitHttp({ trustedOrigins: [origin], limits, counter: { all: 0, pack: 0 } })
        const read = async (): Promise<void> => {
          for await (const _part of (await http.request({ url: `${origin}/r` })).body ?? []);
        }
        if (isWhole) await read()
        else await assert.rejects(read(), failsWith('git_protocol', /half a list/))
      }
    } finally {
      server.close()
    }
  })
})
