import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ParsedFileSchema } from '@doctown/common/contracts/parsed-file.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { Language } from '../../src/languages/language.js'
import { parseFile, type ParseFileInput } from '../../src/stages/parse/parse-file.js'

const MARKS = ['(', ')', '[', '{', '}', '"', "'", '`', '#', '/*', '\n', '\t', '\r\n', '\0', '\ufeff', '@', '"""', '\ud800', 'é😀']

/** Real files broken in many ways, and texts made to break a reader: never an exception, never a broken promise, the same output twice. */
export function mutantTests(language: Language, fixture: string, bombs: Readonly<Record<string, string>>): void {
  const parsers: ParseFileInput['parsers'] = new Map()
  const [ending = ''] = language.endings
  const read = (text: string): ReturnType<typeof parseFile> =>
    parseFile({
      file: { path: `pkg/file${ending}`, language: language.name, text },
      language,
      packages: { packages: [] },
      parsers,
      limitMs: 10_000,
    })

  describe(`broken ${language.name}`, () => {
    const folder = join(repositoryRoot(), 'edge-worker/test/fixtures', fixture)
    for (const name of readdirSync(folder).filter((file) => file.endsWith(ending))) {
      it(`cut out of ${name}, spliced, repeated and half written is read without failing, the same twice`, () => {
        const source = readFileSync(join(folder, name), 'utf8')
        const random = createRandom(11)
        for (let round = 0; round < 24; round++) {
          const text = mutant(source, round, (length) => Math.floor(random() * length))
          const first = read(text)
          assert(typeof first !== 'string', `round ${round}: ${String(first)}`)
          ParsedFileSchema.parse(first)
          for (const { start, head, body, end } of first.ranges)
            assert(start <= head && head <= body && body <= end && end <= text.length, `round ${round}`)
          assert.equal(new Set(first.symbols.map(({ id }) => id)).size, first.symbols.length)
          assert.deepEqual(read(text), first)
        }
      })
    }

    for (const [name, text] of Object.entries(bombs)) {
      it(`made of ${name} takes its time at most, and says so`, () => {
        const started = performance.now()
        const parsed = read(text)
        assert(performance.now() - started < 12_000, `${performance.now() - started} ms`)
        if (typeof parsed === 'string') assert.equal(parsed, 'parse_timeout')
        else ParsedFileSchema.parse(parsed)
      })
    }

    it('nested too deeply, or no code at all, has a diagnostic', () => {
      for (const text of [bombs['deep nesting'] ?? '', 'x = ((((\n)]}\n"']) {
        const parsed = read(text)
        assert(typeof parsed !== 'string' && parsed.diagnostics.some(({ code }) => code === 'too_deep' || code === 'syntax_error'))
      }
    })
  })
}

function mutant(source: string, round: number, pick: (length: number) => number): string {
  const from = pick(source.length)
  const to = Math.min(source.length, from + pick(300))
  const mark = MARKS[pick(MARKS.length)] ?? ''
  switch (round % 6) {
    case 0:
      return source.slice(0, from) + source.slice(to)
    case 1:
      return source.slice(0, from) + source.slice(pick(source.length)).slice(0, 300) + source.slice(from)
    case 2:
      return source.slice(0, from) + source.slice(from, to).repeat(4) + source.slice(to)
    case 3:
      return source.slice(0, from)
    case 4:
      return source.slice(0, from) + mark.repeat(1 + pick(30)) + source.slice(from)
    default:
      return source.replaceAll(/[\s\S]/g, (character) => (pick(500) === 0 ? mark : character))
  }
}
