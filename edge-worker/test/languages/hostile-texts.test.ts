import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Parser from 'tree-sitter'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { ParsedFileSchema } from '@doctown/common/contracts/parsed-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { c } from '../../src/languages/c/language.js'
import { cpp } from '../../src/languages/cpp/language.js'
import { java } from '../../src/languages/java/language.js'
import type { Language } from '../../src/languages/language.js'
import { parseFile } from '../../src/stages/parse/parse-file.js'
import { mutants } from '../support/mutants.js'

const FIXTURES = join(repositoryRoot(), 'edge-worker/test/fixtures')
const MUTANTS = 120
const MIB = 1024 * 1024

/** Real files, pieces of which are cut, spliced, nested and overwritten. */
const CASES: readonly { readonly language: Language; readonly file: string; readonly sources: readonly string[] }[] = [
  { language: java, file: 'src/A.java', sources: ['gson/JsonArray.java'] },
  { language: c, file: 'include/a.h', sources: ['zlib/gzguts.h', 'zlib/adler32.c'] },
  { language: cpp, file: 'include/a.hpp', sources: ['leveldb/status.h', 'leveldb/arena.cc'] },
]

const nested = (open: string, close: string): string => open.repeat(10_000) + close.repeat(10_000)

const BOMBS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'braces, 10,000 deep', text: `class A { void f() ${nested('{', '}')} }` },
  { name: 'parentheses, 10,000 deep', text: `class A { int a = ${nested('(', ')')}; }` },
  { name: 'classes, 10,000 deep', text: nested('class A { ', '} ') },
  { name: 'conditions that never end', text: '#if A\n'.repeat(20_000) },
  { name: 'a comment that never ends', text: `int a; /*${'*'.repeat(MIB / 2)}` },
  { name: 'a string that never ends', text: `char *a = "${'x'.repeat(MIB / 2)}` },
  { name: 'one long word', text: 'x'.repeat(MIB - 1) },
  { name: 'a comment of 100,000 lines', text: `/**\n${' * a\n'.repeat(100_000)} */\nclass A {}` },
  { name: 'macros without an end', text: 'MACRO(a) '.repeat(20_000) },
  { name: 'zeros, a byte order mark and lone surrogates', text: '\ufeffclass A\0 { int \ud800 a; };\r\n\0' },
]

describe('texts made to break the readers of Java, C and C++', () => {
  for (const { language, file, sources } of CASES) {
    const parsers = new Map<Parser.Language, Parser>()
    const read = (text: string): ParsedFile | string =>
      parseFile({ file: { path: file, language: language.name, text }, language, packages: { packages: [] }, parsers })

    it(`${language.name}: ${MUTANTS} mutants of real files are read, the same twice, and fit their contract`, function () {
      this.timeout(120_000)
      const texts = sources.map((name) => readFileSync(join(FIXTURES, name), 'utf8'))
      for (const text of mutants(texts, MUTANTS, 7)) {
        const parsed = read(text)
        assert(typeof parsed !== 'string', `given up: ${parsed as string}`)
        check(parsed, text)
        assert.deepEqual(read(text), parsed)
      }
    })

    for (const { name, text } of BOMBS) {
      it(`${language.name}: ${name}: read or given up in time`, function () {
        this.timeout(60_000)
        const parsed = read(text)
        if (typeof parsed === 'string') assert.equal(parsed, 'parse_timeout')
        else check(parsed, text)
      })
    }
  }
})

function check(parsed: ParsedFile, text: string): void {
  ParsedFileSchema.parse(parsed)
  assert.equal(new Set(parsed.symbols.map(({ id }) => id)).size, parsed.symbols.length)
  assert.equal(parsed.ranges.length, parsed.symbols.length)
  for (const { start, head, body, end } of parsed.ranges)
    assert(0 <= start && start <= head && head <= body && body <= end && end <= text.length)
}
