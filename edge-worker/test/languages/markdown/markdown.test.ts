import assert from 'node:assert/strict'
import { markdown } from '../../../src/languages/markdown/language.js'
import { extractAs } from '../extract-as.js'

const read = (text: string, file = 'docs/guide.md') => extractAs(markdown, text, file)

describe('a Markdown document', () => {
  it('has ids by the trail of its headings, so that text between them changes none, and the second of one trail is told apart', () => {
    const ids = (text: string): string[] => read(text).symbols.map(({ id }) => id)
    assert.deepEqual(ids('# A\n## B\n# C\n## B\n## B\n'), [
      'docs/guide.md#A',
      'docs/guide.md#A::B',
      'docs/guide.md#C',
      'docs/guide.md#C::B',
      'docs/guide.md#C::B~2',
    ])
    assert.deepEqual(ids('# A\nwords\n## B\nmore words\n'), ids('\n# A\n## B\n'))
  })

  it('has sections that are nobody’s public API', () => {
    assert(read('# A\n## B\n').symbols.every(({ is_public_api: isPublic, symbol_type: type }) => !isPublic && type === 'section'))
  })

  it('names the files that it links to, once a section, and neither addresses nor places in itself', () => {
    const { references } = read(
      '# A\n[x](../src/a.rs#L3) [x](../src/a.rs) [y](https://a.example) [z](#a) ![p](p.png)\n## B\n[a]: b%20c.md\n[a]\n',
    )
    assert.deepEqual(
      references.map(({ from, path }) => `${from} ${path.join()}`),
      ['docs/guide.md#A ../src/a.rs', 'docs/guide.md#A::B b c.md'],
    )
  })

  it('keeps its lines with a BOM, Windows line ends, front matter, or all of them', () => {
    for (const text of ['\uFEFF---\r\na: b\r\n---\r\n\r\n# A\r\n', '\n\n\n\n# A', '+++\na = 1\n\n+++\n# A\n']) {
      assert.deepEqual(
        read(text).symbols.map(({ name, line }) => [name, line]),
        [['A', 5]],
        JSON.stringify(text),
      )
    }
  })

  it('is read in time that grows with its size, whatever stands in it', () => {
    const cases = {
      headings: '# a\n'.repeat(20_000),
      deeper: Array.from({ length: 20_000 }, (_, at) => `${'#'.repeat((at % 6) + 1)} a`).join('\n'),
      brackets: '['.repeat(200_000),
      quotes: '> '.repeat(300_000),
      rows: '---\r\n'.repeat(50_000),
      stars: '*a '.repeat(50_000),
    }
    for (const [name, text] of Object.entries(cases)) {
      const start = performance.now()
      read(text)
      assert(performance.now() - start < 4_000, `${name}: ${performance.now() - start} ms`)
    }
  })
})
