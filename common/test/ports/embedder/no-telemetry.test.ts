import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'

const EMBED = `
const { createOnnxEmbedder } = await import(process.argv[2])
const embedder = await createOnnxEmbedder({ folder: process.argv[3], gpu: 'false', threads: 1 })
await embedder.embedQueries(['a'])
await embedder.close()
`

describe("ONNX Runtime's telemetry", () => {
  it('is off: a model that runs leaves nothing behind in the home folder nor where it was started', async function () {
    this.timeout(20_000)
    const scratch = await mkdtemp(join(tmpdir(), 'doctown-home-'))
    const [home, script] = [join(scratch, 'home'), join(scratch, 'embed.mjs')]
    try {
      // Without what would turn it off by itself.
      const { CI: _ci, ORT_DISABLE_TELEMETRY: _off, XDG_CACHE_HOME: _cache, ...environment } = process.env
      const file = new URL('../../../src/ports/embedder/onnx.js', import.meta.url).href
      const folder = join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')
      await mkdir(home)
      await writeFile(script, EMBED)
      await promisify(execFile)(process.execPath, [script, file, folder], {
        cwd: home,
        env: { ...environment, HOME: home },
      })
      assert.deepEqual(await readdir(home, { recursive: true }), [])
    } finally {
      await rm(scratch, { recursive: true })
    }
  })
})
