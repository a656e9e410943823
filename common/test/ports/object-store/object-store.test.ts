import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFilesystemObjectStore } from '../../../src/ports/object-store/filesystem.js'
import { createMemoryObjectStore } from '../../../src/ports/object-store/memory.js'
import { objectStoreConformance } from './conformance.js'

objectStoreConformance('memory', async () => ({ store: createMemoryObjectStore() }))

describe('in a folder', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-objects-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))
  objectStoreConformance('filesystem', async () => ({
    store: await createFilesystemObjectStore({ folder: join(folder, 'made/when/missing') }),
  }))
})
