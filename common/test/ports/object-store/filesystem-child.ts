/** Run by filesystem.test.ts in a process of its own: a writer to be killed, and one on a full disk. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DoctownError } from '../../../src/contracts/errors.js'
import { createFilesystemObjectStore } from '../../../src/ports/object-store/filesystem.js'

const [folder = '', mode] = process.argv.slice(2)
const store = await createFilesystemObjectStore({ folder })

if (mode === 'slow') {
  process.stdout.write('ready')
  // Large enough that the kill comes while it is written.
  await store.put('docpacks/1.docpack', new Uint8Array(512 * 1024 * 1024))
} else {
  await store.put('a', new Uint8Array(1000))
  const code = await store.put('a', new Uint8Array(1024 * 1024)).then(
    () => 'written',
    (error: unknown) => (error instanceof DoctownError ? error.code : String(error)),
  )
  process.stdout.write(JSON.stringify({ code, kept: (await store.get('a'))?.byteLength, temp: readdirSync(join(folder, '.tmp')).length }))
}
