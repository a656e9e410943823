import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startGitServer } from '../../support/git-server.js'
import type { GitServer } from '../../support/git-server.js'
import { makeWalkdirRepository, WALKDIR_COMMIT } from '../../support/walkdir-repository.js'

const PROCESS = fileURLToPath(new URL('../../support/fetch-process.js', import.meta.url))
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe('a forge over https with a certificate of its own', () => {
  let root: string
  let server: GitServer
  const certificate = (): string => join(root, 'cert.pem')

  before(async function () {
    if (!hasOpenssl) return
    root = await mkdtemp(join(tmpdir(), 'doctown-tls-'))
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=forge'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(root, 'key.pem'), '-out', certificate()],
    ])
    assert.equal(made.status, 0, made.stderr.toString())
    await makeWalkdirRepository(join(root, 'walkdir.git'), { bare: true })
    server = await startGitServer(root, {}, { key: await readFile(join(root, 'key.pem')), cert: await readFile(certificate()) })
  })
  after(async () => {
    if (!hasOpenssl) return
    await server.close()
    await rm(root, { recursive: true })
  })

  const fetchWith = async (env: NodeJS.ProcessEnv): Promise<{ code?: string; message?: string; files?: number; commit_sha?: string }> => {
    const target = JSON.stringify({ kind: 'git', url: `${server.origin}/walkdir.git`, repo_url: `${server.host}/walkdir`, ref: null })
    const child = spawn(process.execPath, [PROCESS, target, server.origin], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    await new Promise((resolve) => child.on('close', resolve))
    return JSON.parse(printed)
  }

  const needsOpenssl = hasOpenssl ? it : it.skip
  needsOpenssl(
    'is refused, whatever the environment says of verification, and nothing is asked of it (skipped without openssl)',
    async () => {
      for (const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }]) {
        const { code, message } = await fetchWith(env)
        assert.equal(code, 'git_unavailable')
        assert.match(message ?? '', /certificate.*NODE_EXTRA_CA_CERTS/)
      }
      assert.equal(server.requests.length, 0)
    },
  )

  needsOpenssl('is read once its authority is named in NODE_EXTRA_CA_CERTS (skipped without openssl)', async () => {
    assert.deepEqual(await fetchWith({ NODE_EXTRA_CA_CERTS: certificate() }), { files: 7, commit_sha: WALKDIR_COMMIT })
  })
})
