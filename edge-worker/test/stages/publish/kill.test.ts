import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { POINTS_VERSION } from '@doctown/common/contracts/points-version.js'
import { verifyDocpack } from '@doctown/common/docpack/verify.js'
import { createFilesystemObjectStore } from '@doctown/common/ports/object-store/filesystem.js'
import { createLocalVectorStore } from '@doctown/common/ports/vector-store/local.js'
import { packageStage } from '../../../src/stages/package/stage.js'
import { stageContext } from '../context.js'
import { packageInput, type PackageSketch } from '../package/package-fixture.js'

const child = fileURLToPath(new URL('./publish-child.js', import.meta.url))
/** Each takes three runs of a process; more in one test would take too long. */
const KILLS = 3

describe('a publication killed with -9', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-publish-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  interface Publication {
    readonly job: string
    readonly sketch: PackageSketch
    readonly docpack: string
  }

  async function publication(job: string, sketch: PackageSketch): Promise<Publication> {
    const { bytes, ...rest } = await packageStage.run(packageInput(sketch), stageContext({}))
    const docpack = join(folder, `${rest.docpack_id}.json`)
    await writeFile(docpack, JSON.stringify({ ...rest, bytes: Buffer.from(bytes).toString('base64') }))
    return { job, sketch, docpack }
  }

  /** Gives how long it ran after it had begun, in ms; killed after `killAfterMs`, if given. */
  async function run(stores: string, { job, sketch, docpack }: Publication, killAfterMs?: number): Promise<number> {
    const publisher = spawn(process.execPath, [child, stores, docpack, job, JSON.stringify(sketch)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: publisher.stdout })
    await once(lines, 'line')
    const begun = performance.now()
    if (killAfterMs !== undefined) setTimeout(() => publisher.kill('SIGKILL'), killAfterMs)
    // Node gives the code, or null after a signal.
    const [code] = (await once(publisher, 'exit')) as [number | null]
    if (killAfterMs === undefined) assert.equal(code, 0)
    return performance.now() - begun
  }

  it(`at ${KILLS} moments and run again has one object, one record, a point a symbol, and nothing left over`, async () => {
    const older = await publication('1', { symbols: 900, commit: 'b'.repeat(40) })
    const newer = await publication('2', { symbols: 1_200 })
    const stores = join(folder, 'stores')
    const wholeMs = await run(stores, newer)
    for (let kill = 0; kill < KILLS; kill += 1) {
      // An older commit stands there, so that there is something to replace: of another job, or of this one when it ran before.
      await run(stores, { ...older, job: kill % 2 === 0 ? '1' : '2' })
      await run(stores, newer, ((kill + 0.5) / KILLS) * wholeMs)
      await run(stores, newer)

      const objects = await createFilesystemObjectStore({ folder: join(stores, 'objects') })
      const keys = (await objects.list('')).map(({ key }) => key)
      assert.equal(keys.filter((key) => key.startsWith('records/')).length, 1, keys.join())
      assert.deepEqual(
        keys.filter((key) => key.startsWith('docpacks/')),
        ['docpacks/2.docpack'],
      )
      assert.deepEqual((await verifyDocpack((await objects.get('docpacks/2.docpack')) ?? new Uint8Array())).problems, [])
      assert.deepEqual(await readdir(join(stores, 'objects/.tmp')), [])
      const points = await createLocalVectorStore({ folder: join(stores, 'vectors') })
      assert.equal(await points.count({}), 1_200)
      assert.equal(await points.count({ commit_sha: 'a'.repeat(40) }), 1_200)
      assert.deepEqual(await readdir(join(stores, `vectors/v${POINTS_VERSION}/.tmp`)), [])
    }
  }).timeout(120_000)
})
