import { symbolFileName } from '@doctown/common/runtime/symbol-file-name.js'
import assert from 'node:assert/strict'

describe('a symbol id as a file name', () => {
  it('keeps letters, digits, dot, underscore and dash, and writes every other byte as %XX', () => {
    assert.equal(symbolFileName('src/parser.rs#parser::parse_file~2'), 'src%2Fparser.rs%23parser%3A%3Aparse_file%7E2')
    assert.equal(symbolFileName('ä'), '%C3%A4')
  })

  it('of more than 180 bytes is its first 140, a dash and 16 hex digits that belong to the whole id', () => {
    const name = symbolFileName(`a${'b'.repeat(300)}`)
    assert.match(name, /^ab{139}-[0-9a-f]{16}$/)
    assert.notEqual(name, symbolFileName(`a${'b'.repeat(301)}`))
    assert.equal(symbolFileName('b'.repeat(180)), 'b'.repeat(180))
  })
})
