import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { parseAll, rustFile } from './collect.js'

const PartSchema = z.union([
  z.object({ hex: z.string() }),
  z.object({ text: z.string() }),
  z.object({ repeat: z.string(), times: z.number() }),
])
const CaseSchema = z.object({
  id: z.string(),
  title: z.string(),
  input: z.object({ path: z.string(), content: z.union([PartSchema, z.object({ concat: z.array(PartSchema) })]) }),
  expected: z.object({
    max_ms: z.number(),
    file_outcome: z.array(z.string()),
    skip_reason: z.string().optional(),
    symbols_include: z.array(z.string()).optional(),
    doc_of: z.record(z.string(), z.string()).optional(),
    line_of: z.record(z.string(), z.number()).optional(),
  }),
})
const FileSchema = z.object({ cases: z.array(z.object({ target: z.string() }).loose()) })

const { cases } = FileSchema.parse(JSON.parse(readFileSync(join(repositoryRoot(), 'edge-worker/test/fixtures/bad-inputs.json'), 'utf8')))
const rustFiles = cases.filter(({ target }) => target === 'rust-file').map((each) => CaseSchema.parse(each))

describe('bad Rust files', () => {
  it('are in the list', () => assert(rustFiles.length >= 4))

  for (const { id, title, input, expected } of rustFiles) {
    // The fetch stage takes a byte order mark away; here it may stay, to see that it does no harm either.
    for (const keepMark of [false, true]) {
      it(`${id} ${title}: is read as stated${keepMark ? ', byte order mark and all' : ''}`, async () => {
        const bytes = Buffer.concat(('concat' in input.content ? input.content.concat : [input.content]).map(bytesOf))
        const text = new TextDecoder('utf-8', { ignoreBOM: keepMark }).decode(bytes)
        const started = performance.now()
        const [item] = await parseAll([rustFile(input.path, text)], { parallel: 1 })
        assert(performance.now() - started <= 2 * expected.max_ms)
        assert(item !== undefined && expected.file_outcome.includes(item.kind))
        if (item.kind === 'skipped') return assert.equal(item.skipped.reason, expected.skip_reason)
        const { symbols } = item.parsed
        for (const name of expected.symbols_include ?? [])
          assert(
            symbols.some((symbol) => symbol.name === name),
            name,
          )
        for (const [name, docs] of Object.entries(expected.doc_of ?? {})) {
          assert.equal(symbols.find((symbol) => symbol.name === name)?.doc_comments, docs)
        }
        for (const [name, line] of Object.entries(expected.line_of ?? {})) {
          assert.equal(symbols.find((symbol) => symbol.name === name)?.line, line)
        }
      })
    }
  }
})

function bytesOf(part: z.infer<typeof PartSchema>): Buffer {
  if ('hex' in part) return Buffer.from(part.hex, 'hex')
  return Buffer.from('text' in part ? part.text : part.repeat.repeat(part.times))
}
