import assert from 'node:assert/strict'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { hideTestModule } from '../../../src/languages/rust/test-modules.js'
import { extractText } from './extract-text.js'

function isPublic(file: string, others: Readonly<Record<string, string>>): boolean {
  const sources = new Map(Object.entries(others).map(([path, text]): [string, SourceFile] => [path, { path, language: 'Rust', text }]))
  return hideTestModule(extractText('pub fn f() {}', file), sources).symbols[0]?.is_public_api === true
}

describe('a file that only tests load', () => {
  it('has no public item, and neither have the files below it', () => {
    assert.equal(isPublic('src/tests.rs', { 'src/lib.rs': '#[cfg(test)]\nmod tests;' }), false)
    assert.equal(isPublic('src/tests/mod.rs', { 'src/lib.rs': '#[cfg(test)] #[macro_use]\n  pub(crate) mod tests;' }), false)
    assert.equal(isPublic('src/tests/util.rs', { 'src/lib.rs': '#[cfg(all(test, unix))]\nmod tests;' }), false)
    assert.equal(isPublic('src/a/b.rs', { 'src/a.rs': '#[cfg(test)]\nmod b;' }), false)
    assert.equal(isPublic('src/a/b.rs', { 'src/a/mod.rs': '#[cfg(test)]\nmod b;' }), false)
  })

  it('is told by its own declaration only', () => {
    assert.equal(isPublic('src/a.rs', { 'src/lib.rs': '#[cfg(test)]\nmod tests;\nmod a;' }), true)
    assert.equal(isPublic('src/a.rs', { 'src/lib.rs': '#[cfg(not(test))]\nmod a;' }), true)
    assert.equal(isPublic('src/a.rs', { 'src/lib.rs': '#[cfg(test)]\nuse x;\nmod a;' }), true)
    assert.equal(isPublic('src/a.rs', {}), true)
  })
})
