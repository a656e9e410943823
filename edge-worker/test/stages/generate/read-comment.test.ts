import assert from 'node:assert/strict'
import { readComment } from '../../../src/stages/generate/comment/read-comment.js'

const COMMENT = `Opens the [\`File\`] at \`path\` for reading. The file must exist.

It is closed when dropped:

* first the buffer,
* then the handle.

# Arguments

* \`path\` - where the file lies
* \`mode\`: an octal number, e.g. \`0o644\`

# Errors

Fails with [\`ErrorKind::NotFound\`] when there is no file.

# Panics

Panics when \`mode\` is negative.

# Safety

The caller holds the lock.

# Examples

Basic usage:

\`\`\`no_run
# use std::fs::File;
# fn main() -> std::io::Result<()> {
let file = open("a.txt", 0)?;

#[derive(Debug)]
struct Kept;
## not hidden
# Ok(())
# }
\`\`\`

# Platform-specific behavior

Uses \`open(2)\` on Unix.

[\`File\`]: crate::File
`

describe('a doc comment', () => {
  const read = readComment(COMMENT, new Set(['path', 'mode']))

  it('gives its first sentence as summary', () => assert.equal(read.summary, 'Opens the `File` at `path` for reading.'))

  it('gives the rest of the prose and sections without a place of their own as description', () => {
    assert.equal(
      read.description,
      'The file must exist.\n\nIt is closed when dropped:\n\n- first the buffer,\n- then the handle.\n\n# Platform-specific behavior\n\nUses `open(2)` on Unix.',
    )
  })

  it('gives each known section its place', () => {
    assert.equal(read.errors, 'Fails with `ErrorKind::NotFound` when there is no file.')
    assert.deepEqual(read.notes, ['Panics when `mode` is negative.', 'Safety: The caller holds the lock.'])
    assert.deepEqual(
      [...read.parameters],
      [
        ['path', 'where the file lies'],
        ['mode', 'an octal number, e.g. `0o644`'],
      ],
    )
  })

  it('gives the first code block of the examples without the lines hidden from readers', () => {
    assert.equal(read.example, 'let file = open("a.txt", 0)?;\n\n#[derive(Debug)]\nstruct Kept;\n# not hidden')
  })

  const summaries: readonly (readonly [comment: string, summary: string | null])[] = [
    ['# A heading\n\nThe text.', 'The text.'],
    ['A heading of its own\n====\n\nThe text.', 'The text.'],
    ['# Only a heading', null],
    ['https://example.org/a#b', null],
    ['https://example.org/a#b\n\nThe text.', 'The text.'],
    ['```\nlet a = 1;\n```', null],
    ['', null],
    ['- a list\n- of two', 'a list'],
    ['Equivalent to:\n\n```\na.map(b)\n```\n\nMore.', 'Equivalent to: `a.map(b)`'],
    ['![logo](x.png)\n\nThe crate.', 'The crate.'],
    ['[link]: https://example.org\nText after a definition.', 'Text after a definition.'],
    ['    indented by accident\n    on both lines.', 'indented by accident on both lines.'],
    ['Came in\n2024. That was late.', 'Came in 2024.'],
    ['> **Note**: quoted prose.', 'Note: quoted prose.'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', null],
  ]
  for (const [comment, summary] of summaries) {
    it(`${JSON.stringify(comment)} is summed up as ${JSON.stringify(summary)}`, () =>
      assert.equal(readComment(comment, new Set()).summary, summary))
  }

  it('tells what it returns in a section or a sentence that begins so', () => {
    assert.equal(readComment('Counts.\n\n# Returns\n\nThe number of items.', new Set()).returns, 'The number of items.')
    assert.equal(readComment('Counts. Returns `None` at the end.', new Set()).returns, 'Returns `None` at the end.')
    assert.equal(readComment('Counts.', new Set()).returns, null)
  })

  it('never takes a shell line or a settings file as the example', () => {
    assert.equal(readComment('Text.\n\n```toml\n[dependencies]\n```', new Set()).example, null)
    assert.equal(readComment('Text.\n\n```toml\n[dependencies]\n```\n\n```\nrun();\n```', new Set()).example, 'run();')
  })

  it('takes linear time: twenty comments of 64 KiB of one mark each, in 5 s of processor time', () => {
    const started = process.cpuUsage()
    for (const mark of [
      '[',
      '`',
      '*',
      '_',
      '<',
      '# ',
      '- ',
      '(',
      '&',
      '![',
      '[]',
      '``` ',
      '\n    ',
      '> ',
      '|',
      '[a](',
      'a_',
      '<!--',
      'a. ',
      '\\\\',
    ]) {
      readComment(mark.repeat(65_536 / mark.length), new Set(['a']))
    }
    assert.ok(process.cpuUsage(started).user < 5e6)
  })
})
