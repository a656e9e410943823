import assert from 'node:assert/strict'
import { asMarkdown } from '../../../src/stages/generate/comment/conventions.js'
import { readComment } from '../../../src/stages/generate/comment/read-comment.js'

const read = (docs: string, language: string, ...names: string[]) => readComment(asMarkdown(docs, language), new Set(names))

describe('a docstring', () => {
  it('of Sphinx style gives parameters, result, exceptions and the session as an example', () => {
    const facts = read(
      `Sends :class:\`Request <pkg.Request>\`\\s.

:param str url: where to, see
    :meth:\`~pkg.Session.get\`
:param **kwargs: passed on
:type url: str
:return: what came back
:rtype: Response
:raises TimeoutError: if it took too long

Usage::

  >>> send("x")
  <Response>
`,
      'Python',
      'url',
      'kwargs',
    )
    assert.equal(facts.summary, 'Sends `Request`s.')
    assert.deepEqual(Object.fromEntries(facts.parameters), { url: 'where to, see `get`', kwargs: 'passed on' })
    assert.equal(facts.returns, 'what came back')
    assert.equal(facts.errors, '`TimeoutError`: if it took too long')
    assert.equal(facts.example, '>>> send("x")\n<Response>')
    assert(!/param|rtype/.test(facts.description))
  })

  it('of Google style does too', () => {
    const facts = read(
      `Fetches rows.

Args:
    keys (list[str]): Of each row
        the key.
    *rest: More.

Returns:
    A dict of rows.

Raises:
    IOError: On trouble.

Note:
    Not quick.
`,
      'Python',
      'keys',
      'rest',
    )
    assert.equal(facts.description, '')
    assert.deepEqual(Object.fromEntries(facts.parameters), { keys: 'Of each row the key.', rest: 'More.' })
    assert.equal(facts.returns, 'A dict of rows.')
    assert.equal(facts.errors, '`IOError`: On trouble.')
    assert.deepEqual(facts.notes, ['Note: Not quick.'])
  })

  it('of NumPy style does too, and keeps sections that have no place', () => {
    const facts = read(
      `Sums up.

Parameters
----------
a, b : array_like
    What to sum.
axis : int, optional
    Along which.

Returns
-------
total : float
    The sum.

See Also
--------
prod : multiplies

Examples
--------
>>> total([1])
1
`,
      'Python',
      'a',
      'b',
      'axis',
    )
    assert.deepEqual(Object.fromEntries(facts.parameters), { a: 'What to sum.', b: 'What to sum.', axis: 'Along which.' })
    assert.equal(facts.returns, 'The sum.')
    assert.equal(facts.example, '>>> total([1])\n1')
    assert.match(facts.description, /See Also\n\nprod/)
  })

  it('of plain words stays as written, and directives become notes', () => {
    const facts = read(
      'Says it: like this.\n\nArgs are fine.\n\n.. deprecated:: 2.0\n   Use x.\n\n.. code-block:: python\n\n   f(1)\n',
      'Python',
    )
    assert.equal(facts.summary, 'Says it: like this.')
    assert.equal(facts.description, 'Args are fine.')
    assert.deepEqual(facts.notes, ['Note: Deprecated since 2.0: Use x.'])
    assert.equal(facts.example, 'f(1)')
  })

  it('of any text is read in a time that grows with it', () => {
    const started = performance.now()
    for (const each of [':param a:\n', 'Args:\n  a: b\n', '>>> f\n', 'Title\n-----\n', 'x::\n\n  y\n', ':a:\`'.repeat(9), '.. note::\n'])
      asMarkdown(each.repeat(65_536 / each.length), 'Python')
    assert(performance.now() - started < 4_000, `${performance.now() - started} ms`)
  })
})

describe('a Go comment', () => {
  it('has code where it is indented, and lists', () => {
    const facts = read('Run runs.\n\nLike this:\n\n\tc := New()\n\n\tc.Run()\n\nIt does\n\n  - this\n  - that\n', 'Go')
    assert.equal(facts.summary, 'Run runs.')
    assert.equal(facts.example, 'c := New()\n\nc.Run()')
    assert.match(facts.description, /- this\n- that/)
  })
})
