import assert from 'node:assert/strict'
import { cleanDoc, stringValue } from '../../../src/languages/python/docstrings.js'
import { extractText } from './extract-text.js'

describe('a Python docstring', () => {
  it('loses its quotes, its prefix and the indentation that its lines share', () => {
    assert.equal(cleanDoc('First.\n\n        Second\n          deeper\n\n    '), 'First.\n\nSecond\n  deeper')
    assert.equal(cleanDoc('\n\tTabs\n\t  more\n'), 'Tabs\n  more')
    assert.equal(stringValue('r"\\d"'), '\\d')
    assert.equal(stringValue("'''a\\tb\\x41\\u00e9\\N\\\n'''"), 'a\tbAé\\N')
    assert.equal(stringValue('"never closed'), 'never closed')
  })

  it('of bytes or with values in it is none', () => {
    assert.equal(stringValue('b"x"'), null)
    assert.equal(stringValue('f"{x}"'), null)
    const { symbols } = extractText('def a():\n    f"{x}"\ndef b():\n    b"x"\ndef c():\n    x = "no"\n')
    assert.deepEqual(
      symbols.map((symbol) => symbol.doc_comments),
      [null, null, null],
    )
  })

  it('is found with CR LF, behind a byte order mark and a first line for the shell', () => {
    const { symbols, file_docs } = extractText(
      '#!/usr/bin/python\r\n"""Mod.\r\n\r\n   More."""\r\ndef f():\r\n    """One.\r\n\r\n    Two."""\r\n',
    )
    assert.equal(file_docs, 'Mod.\n\nMore.')
    assert.equal(symbols[0]?.doc_comments, 'One.\n\nTwo.')
  })
})
