import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { doctown } from '../support/doctown.js'

describe("ONNX Runtime's telemetry", () => {
  it('is off: a search by a transformer leaves nothing in the home folder nor where it was started', async function () {
    this.timeout(30_000)
    const scratch = await mkdtemp(join(tmpdir(), 'doctown-telemetry-'))
    const [home, source] = [join(scratch, 'home'), join(scratch, 'source')]
    try {
      await Promise.all([mkdir(home), mkdir(source)])
      await writeFile(join(source, 'lib.rs'), 'pub fn open() {}\n')
      const ran = await doctown(['search', source, 'open', '--no-cache'], {
        cwd: home,
        environment: {
          HOME: home,
          XDG_CACHE_HOME: join(home, '.cache'),
          MODEL_PATH: join(repositoryRoot(), 'common/test/fixtures/tiny-onnx'),
          ONNX_USE_GPU: 'false',
        },
      })
      assert.equal(ran.code, 0, ran.stderr)
      assert.match(ran.stdout, /open/)
      assert.deepEqual(await readdir(home, { recursive: true }), [])
    } finally {
      await rm(scratch, { recursive: true })
    }
  })
})
