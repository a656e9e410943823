import assert from 'node:assert/strict'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { attachModuleDocs } from '../../../src/languages/rust/module-files.js'
import { extractText } from './extract-text.js'

function docsOfModules(file: string, text: string, others: Readonly<Record<string, string>>): Record<string, string | null> {
  const sources = new Map(
    Object.entries({ [file]: text, ...others }).map(([path, content]): [string, SourceFile] => [
      path,
      { path, language: 'Rust', text: content },
    ]),
  )
  const { symbols } = attachModuleDocs(extractText(text, file), sources)
  return Object.fromEntries(
    symbols.filter((symbol) => symbol.symbol_type === 'module').map(({ name, doc_comments }) => [name, doc_comments]),
  )
}

describe('documentation of mod foo;', () => {
  it('is what the other file says of itself, after what stands at the declaration', () => {
    const text = '/// Outer.\npub mod a;\nmod b;\nmod c;\nmod gone;\nmod d {}\n'
    const docs = docsOfModules('src/lib.rs', text, {
      'src/a.rs': '// licence\n\n//! Inner.\n//! More.\n\nfn x() {}\n',
      'src/b/mod.rs': '/*! Block. */\r\n#![allow(x)]\r\n',
      'src/c.rs': '/// Of f.\nfn f() {}\n//! too late\n',
      'src/d.rs': '//! d is inline',
    })
    assert.deepEqual(docs, { a: 'Outer.\nInner.\nMore.', b: 'Block.', c: null, gone: null, d: null })
  })

  it('is looked for where the compiler looks: beside a root, below any other file', () => {
    const others = { 'src/net/tcp.rs': '//! right', 'src/tcp.rs': '//! wrong' }
    assert.deepEqual(docsOfModules('src/net.rs', 'mod tcp;', others), { tcp: 'right' })
    assert.deepEqual(docsOfModules('src/net/mod.rs', 'mod tcp;', others), { tcp: 'right' })
    assert.deepEqual(docsOfModules('src/main.rs', 'mod tcp;', others), { tcp: 'wrong' })
  })

  it('follows inline modules and #[path]', () => {
    const others = { 'src/a/inner/b.rs': '//! deep', 'src/sys/unix.rs': '//! by path', 'up.rs': '//! above' }
    assert.deepEqual(docsOfModules('src/a.rs', 'mod inner { mod b; }', others), { inner: null, b: 'deep' })
    assert.deepEqual(docsOfModules('src/lib.rs', '#[path = "sys/unix.rs"]\nmod imp;\n#[path="../up.rs"] mod up;', others), {
      imp: 'by path',
      up: 'above',
    })
  })

  it('never comes from the file that declares it', () => {
    assert.deepEqual(docsOfModules('src/mod.rs', '//! self\n#[path = "mod.rs"]\nmod again;', {}), { again: null })
  })
})
