import assert from 'node:assert/strict'
import { lexemesOf, wordsOf } from '../../../src/stages/chunk/lexemes.js'

const parts = (text: string): string[] => lexemesOf(text, false).map((lexeme) => lexeme.text)

describe('lexemes', () => {
  it('keep literals, names, lifetimes and numbers whole', () => {
    assert.deepEqual(parts(`b"a\\"b" r#"x"y"# 'a' '\\u{1F600}' &'static 1_000.5e3 0..9 naïve`), [
      'b"a\\"b"',
      ' ',
      'r#"x"y"#',
      ' ',
      "'a'",
      ' ',
      "'\\u{1F600}'",
      ' ',
      '&',
      "'static",
      ' ',
      '1_000.5e3',
      ' ',
      '0',
      '.',
      '.',
      '9',
      ' ',
      'naïve',
    ])
  })

  it('lose nothing of any text, and never halve a surrogate pair', () => {
    for (const text of ['"open', 'r##"open"#', "'", '/* open', 'a😀b"😀', '\ud800x', '\r\n\t//x', '']) {
      assert.equal(parts(text).join(''), text)
      assert(parts(text).every((part) => !/^[\udc00-\udfff]/.test(part) || text.includes(part)))
    }
    assert.deepEqual(parts('😀😀'), ['😀', '😀'])
    assert.deepEqual(wordsOf('ein 😀😀 zwei'), ['ein ', '😀😀 ', 'zwei'])
  })

  it('cut comments at lines, and say which lexeme opens a line', () => {
    const lexemes = lexemesOf('a /* one\n two */ b\n  c', false)
    assert.deepEqual(
      lexemes.filter(({ kind }) => kind === 'prose').map(({ text }) => text),
      ['/* one\n', ' two */'],
    )
    assert.deepEqual(
      lexemes.filter(({ opensLine, text }) => opensLine && text.trim() !== '').map(({ text }) => text.trim()),
      ['a', 'two */', 'c'],
    )
  })

  it('of a megabyte in one literal are found in a moment', () => {
    const started = performance.now()
    assert.equal(lexemesOf(`"${'\\n'.repeat(500_000)}"`, false).length, 1)
    assert(performance.now() - started < 1000)
  })
})
