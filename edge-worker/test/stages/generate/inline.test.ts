import assert from 'node:assert/strict'
import { plainInline } from '../../../src/stages/generate/comment/inline.js'

const CASES: readonly (readonly [markdown: string, plain: string])[] = [
  ['Like [`Vec::new`] but [faster](https://example.org/a_(b)).', 'Like `Vec::new` but faster.'],
  ['A [`Foo`](crate::Foo) and a [bar][Bar::baz].', 'A `Foo` and a bar.'],
  ['See [`struct@Foo`] and [`fn@foo()`](fn@foo).', 'See `Foo` and `foo()`.'],
  ['A [Error::io_error] happened.', 'A Error::io_error happened.'],
  ['The interval [0, 1) and the slice [1, 2] stay.', 'The interval [0, 1) and the slice [1, 2] stay.'],
  ['Some **bold** and *slanted* and __both__ and _so_ on.', 'Some bold and slanted and both and so on.'],
  ['A snake_case_name and 2 * 3 * 4 stay.', 'A snake_case_name and 2 * 3 * 4 stay.'],
  ['Code `*a_b* [c]` is left alone.', 'Code `*a_b* [c]` is left alone.'],
  ['Two ticks ``a ` b`` stay code.', 'Two ticks `` a ` b `` stay code.'],
  ['![badge](https://example.org/b.svg) Text.', 'Text.'],
  ['[![build](a.svg)](https://example.org) Text', 'Text'],
  ['A Vec<T> is no tag, <b>this</b><br/> is.', 'A Vec<T> is no tag, this is.'],
  ['An escaped \\[bracket\\] and \\*star\\*.', 'An escaped [bracket] and *star*.'],
  ['5 &lt; 6 &amp;&amp; 7', '5 < 6 && 7'],
  ['&ensp;it&#39;s &#x2713; &unknown; &#0;', "it's ✓ &unknown; &#0;"],
  ['See <https://example.org>.', 'See https://example.org.'],
  ['Wrapped\nover  lines', 'Wrapped over lines'],
  ['Footnote[^1].', 'Footnote.'],
]

describe('inline Markdown as plain text', () => {
  for (const [markdown, plain] of CASES)
    it(`turns ${JSON.stringify(markdown)} into ${JSON.stringify(plain)}`, () => assert.equal(plainInline(markdown), plain))
})
