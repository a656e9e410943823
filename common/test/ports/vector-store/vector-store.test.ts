import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalVectorStore } from '../../../src/ports/vector-store/local.js'
import { createMemoryVectorStore } from '../../../src/ports/vector-store/memory.js'
import { vectorStoreConformance } from './conformance.js'

vectorStoreConformance('memory', { open: async () => createMemoryVectorStore() })

describe('in a folder', () => {
  let root: string
  let folder: string
  let opened = 0
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctown-vectors-'))
  })
  after(() => rm(root, { recursive: true, force: true }))

  vectorStoreConformance('local', {
    open: () => {
      folder = join(root, `collection-${(opened += 1)}`)
      return createLocalVectorStore({ folder })
    },
    reopen: () => createLocalVectorStore({ folder }),
  })
})
