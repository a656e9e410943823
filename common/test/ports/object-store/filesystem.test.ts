import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFilesystemObjectStore } from '../../../src/ports/object-store/filesystem.js'
import { writerName } from '../../../src/runtime/writer-name.js'
import { rejectsWith } from '../../support/rejects-with.js'

const child = fileURLToPath(new URL('./filesystem-child.js', import.meta.url))
// A small file system of one's own needs user namespaces, which some containers forbid.
const canMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0

describe('the filesystem object store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-objects-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('shows nothing of a writer killed half-way, and the next store removes what it left', async () => {
    const writer = spawn(process.execPath, [child, folder, 'slow'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(writer.stdout, 'data')
    for (let tries = 0; (await readdir(join(folder, '.tmp'))).length === 0 && tries < 200; tries += 1)
      await new Promise((go) => setTimeout(go, 5))
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    assert.equal((await readdir(join(folder, '.tmp'))).length, 1)
    const store = await createFilesystemObjectStore({ folder })
    assert.deepEqual(await store.list(''), [])
    assert.deepEqual(await readdir(join(folder, '.tmp')), [])
  })

  it("leaves a living writer's file alone, and anyone's after an hour goes", async () => {
    const temp = join(folder, '.tmp')
    await mkdir(temp)
    const mine = `${await writerName()}.half`
    const anHourAgo = Date.now() / 1000 - 3700
    for (const name of [mine, 'elsewhere.1.1.fresh', 'elsewhere.1.1.old', 'stray']) await writeFile(join(temp, name), 'x')
    for (const name of ['elsewhere.1.1.old', 'stray']) await utimes(join(temp, name), anHourAgo, anHourAgo)
    await createFilesystemObjectStore({ folder })
    assert.deepEqual((await readdir(temp)).sort(), [mine, 'elsewhere.1.1.fresh'].sort())
  })

  it('knows a dead writer although its pid is in use again', async () => {
    const temp = join(folder, '.tmp')
    await mkdir(temp)
    const [host, pid] = (await writerName()).split('.')
    await writeFile(join(temp, `${host}.${pid}.12345.half`), 'x')
    await createFilesystemObjectStore({ folder })
    assert.deepEqual(await readdir(temp), [])
  })

  it('leaves no temporary file behind, whether a put succeeds or is refused', async () => {
    const store = await createFilesystemObjectStore({ folder })
    await store.put('a', new Uint8Array(10))
    await rejectsWith('precondition_failed', store.put('a', new Uint8Array(10), { onlyIfAbsent: true }))
    await rejectsWith('object_store_refused', store.put('a/b', new Uint8Array(10)))
    assert.deepEqual(await readdir(join(folder, '.tmp')), [])
  })

  const fullTitle = 'says disk_full on a full disk, keeps the old object and leaves nothing half-written'
  ;(canMount ? it : it.skip)(
    canMount ? fullTitle : `${fullTitle} (skipped: this system lets nobody mount a small disk of their own)`,
    () => {
      const mounted = `mount -t tmpfs -o size=256k none '${folder}' && exec '${process.execPath}' '${child}' '${folder}' full`
      const run = spawnSync('unshare', ['-Urm', 'sh', '-c', mounted], { encoding: 'utf8' })
      assert.deepEqual(JSON.parse(run.stdout), { code: 'disk_full', kept: 1000, temp: 0 }, run.stderr)
    },
  )
})
