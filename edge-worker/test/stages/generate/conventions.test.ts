import assert from 'node:assert/strict'
import { asMarkdown } from '../../../src/stages/generate/comment/conventions.js'
import { readComment } from '../../../src/stages/generate/comment/read-comment.js'

const read = (comment: string, language: string, names: readonly string[] = []) =>
  readComment(asMarkdown(comment, language), new Set(names))

describe('a comment in its language’s convention', () => {
  it('of JSDoc has its tags in the places that a document has for them, links as code', () => {
    const facts = read(
      [
        'Reads a file, see {@link open} or {@link close|closing it}.',
        '@param {string} path - where it is,',
        '  from the root',
        '@param {object} [options={}] how to read',
        '@returns {Promise<string>} its text',
        '@throws {Error} when it is gone',
        '@example',
        "read('a')",
        '@deprecated use open',
        '@internal',
      ].join('\n'),
      'TypeScript',
      ['path', 'options'],
    )
    assert.equal(facts.summary, 'Reads a file, see `open` or closing it.')
    assert.deepEqual(Object.fromEntries(facts.parameters), { path: 'where it is, from the root', options: 'how to read' })
    assert.deepEqual([facts.returns, facts.errors, facts.example], ['its text', '`Error` when it is gone', "read('a')"])
    assert.deepEqual(facts.notes, ['Note: Deprecated: use open'])
    assert.equal(facts.description, '')
  })

  it('of Doxygen is read by backslash and at sign alike, and an address with an at sign is no tag', () => {
    const facts = read('\\brief Opens.\n\\param[in] path  the file\n@return 0\nWrite to a@example.org', 'C', ['path'])
    assert.deepEqual([facts.summary, facts.parameters.get('path'), facts.returns], ['Opens.', 'the file', '0 Write to a@example.org'])
  })

  const docstrings = {
    Google:
      'Reads it.\n\n    Args:\n        path (str): Where\n            it is.\n        **kwargs: More.\n\n    Returns:\n        Its text.\n\n    Raises:\n        OSError: When gone.\n    ',
    NumPy:
      'Reads it.\n\n    Parameters\n    ----------\n    path : str\n        Where\n        it is.\n    kwargs : dict\n        More.\n\n    Returns\n    -------\n    Its text.\n\n    Raises\n    ------\n    OSError: When gone.\n    ',
    Sphinx:
      'Reads it.\n\n    :param str path: Where\n        it is.\n    :param kwargs: More.\n    :type kwargs: dict\n    :returns: Its text.\n    :rtype: str\n    :raises OSError: When gone.\n    ',
  }
  for (const [school, docstring] of Object.entries(docstrings)) {
    it(`of Python in the manner of ${school} has the same parts as the others`, () => {
      const facts = read(docstring, 'Python', ['path', 'kwargs'])
      assert.equal(facts.summary, 'Reads it.')
      assert.deepEqual(Object.fromEntries(facts.parameters), { path: 'Where it is.', kwargs: 'More.' })
      assert.equal(facts.returns, 'Its text.')
      assert.match(facts.errors ?? '', /^`?OSError`?: When gone\.$/)
    })
  }

  it('of Python keeps a console session as the example and roles as code', () => {
    const facts = read('Adds, like :func:`sum`.\n\n    >>> add(1, 2)\n    3\n\n    More.\n    ', 'Python')
    assert.deepEqual([facts.summary, facts.example, facts.description], ['Adds, like `sum`.', '>>> add(1, 2)\n3', 'More.'])
  })

  it('of Rust and Go is left as it is', () => {
    for (const language of ['Rust', 'Go']) assert.equal(asMarkdown('Args:\n  @param x\n', language), 'Args:\n  @param x\n')
  })
})
