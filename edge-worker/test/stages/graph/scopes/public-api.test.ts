import assert from 'node:assert/strict'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import { graphOfParsed } from '../graph-of.js'
import { byHand, type FileByHand } from './parsed-by-hand.js'

/** Public symbols as `path` or, where it is another, `path (defined at)`. */
async function publicApi(files: readonly FileByHand[], packages: Readonly<Record<string, PackageFacts>> = {}): Promise<string[]> {
  const { symbols } = await graphOfParsed(files.map(byHand), packages)
  return symbols
    .filter((symbol) => symbol.is_public_api)
    .map(({ path, definition_path: at }) => (path === at ? path : `${path} (${at})`))
    .sort()
}

describe('what users of a TypeScript package reach', () => {
  const ts = (file: string, more: Omit<FileByHand, 'file' | 'language'>): FileByHand => ({ file, language: 'TypeScript', ...more })
  const facts = (...targets: [file: string, name: string][]) => ({
    TypeScript: {
      packages: [{ folder: '', name: 'kit', targets: targets.map(([file, name]) => ({ file, name, library: true })) }],
    },
  })
  const store = ts('src/store.ts', { prefix: 'kit.store', symbols: ['class Store', 'method Store.put()', 'function hidden()'] })

  it('is what the entry points hand out, by the names that these give, with all that it holds', async () => {
    const index = ts('src/index.ts', {
      prefix: 'kit',
      symbols: ['function open()'],
      references: [{ kind: 'import', path: ['./store.js', 'Store'], alias: 'Shop', is_public: true }],
    })
    assert.deepEqual(await publicApi([index, store], facts(['dist/index.js', 'kit'])), [
      'kit.Shop (kit.store.Store)',
      'kit.Shop.put (kit.store.Store.put)',
      'kit.open',
    ])
  })

  it('follows `export *`, namespaces, and the entries of subpaths, also those told by a pattern', async () => {
    const index = ts('src/index.ts', { references: [{ kind: 'import', path: ['./store'], alias: 'shelf', is_public: true }] })
    const extra = ts('src/plugins/extra.ts', { prefix: 'kit.plugins.extra', symbols: ['function extra()'] })
    const files = [index, store, extra]
    assert.deepEqual(await publicApi(files, facts(['dist/index.js', 'kit'], ['dist/plugins/*.js', 'kit/plugins/*'])), [
      'kit.shelf.Store (kit.store.Store)',
      'kit.shelf.Store.put (kit.store.Store.put)',
      'kit.shelf.hidden (kit.store.hidden)',
      'kit/plugins/extra.extra (kit.plugins.extra.extra)',
    ])
  })

  it('is left as each file says where no entry point is among the files', async () => {
    assert.deepEqual(await publicApi([store], facts(['bundle/all.js', 'kit'])), [
      'kit.store.Store',
      'kit.store.Store.put',
      'kit.store.hidden',
    ])
  })

  it('ends, where modules hand each other on in circles', async () => {
    const a = ts('src/index.ts', {
      symbols: ['function a()'],
      prefix: 'kit',
      references: [{ kind: 'import', path: ['./b'], alias: '*', is_public: true }],
    })
    const b = ts('src/b.ts', {
      references: [
        { kind: 'import', path: ['./index'], alias: '*', is_public: true },
        { kind: 'import', path: ['./index'], alias: 'again', is_public: true },
      ],
    })
    assert.deepEqual(await publicApi([a, b], facts(['src/index.ts', 'kit'])), ['kit.a'])
  })
})

describe('what users of a Python package reach', () => {
  const py = (file: string, more: Omit<FileByHand, 'file' | 'language'>): FileByHand => ({ file, language: 'Python', ...more })
  const core = py('src/kit/_core.py', {
    prefix: 'kit._core',
    symbols: ['class Store', 'method Store.put()', 'method Store._swap()', 'method Store.__len__()', 'function spare()'],
    isPublic: false,
  })

  it('is also what its __init__ hands on from modules that are private, by the shorter name', async () => {
    const init = py('src/kit/__init__.py', { references: [{ kind: 'import', path: ['._core', 'Store'], alias: 'Store', is_public: true }] })
    assert.deepEqual(await publicApi([init, core]), [
      'kit.Store (kit._core.Store)',
      'kit.Store.__len__ (kit._core.Store.__len__)',
      'kit.Store.put (kit._core.Store.put)',
    ])
  })

  it('is not what it merely uses, nor what its tests hand on', async () => {
    const init = py('src/kit/__init__.py', { references: [{ kind: 'import', path: ['._core', 'Store'], alias: 'Store' }] })
    const tests = py('tests/__init__.py', {
      references: [{ kind: 'import', path: ['kit._core', 'Store'], alias: 'Store', is_public: true }],
    })
    assert.deepEqual(await publicApi([init, core, tests]), [])
  })
})
