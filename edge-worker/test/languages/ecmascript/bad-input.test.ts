import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ParsedFileSchema } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { ParseItem } from '../../../src/pipeline/stage-io.js'
import { parseStage } from '../../../src/stages/parse/stage.js'
import { stageContext } from '../../stages/context.js'
import { readCarets } from '../carets.js'

const MiB = 1024 * 1024

async function parse(files: readonly SourceFile[]): Promise<ParseItem[]> {
  const items: ParseItem[] = []
  for await (const item of await parseStage.run({ files, manifests: [] }, stageContext({ parallel: 1 }))) items.push(item)
  return items
}

const source = (path: string, text: string): SourceFile => ({
  path,
  language: /\.[cm]?tsx?$/.test(path) ? 'TypeScript' : 'JavaScript',
  text,
})
const upTo = (piece: string, bytes: number): string => piece.repeat(Math.floor(bytes / piece.length))

const BOMBS: Readonly<Record<string, string>> = {
  'a minified file of one line': upTo('!function(e,t){var n=t.a(e);n.b=function(r){return r?n.c(e):t(r.d)},e.f=n}(x,y);', MiB - 100),
  'an array of one line': `export const data=[${upTo('{a:1,b:"c"},', 300_000)}]`,
  'a string of a megabyte': `export const s = "${'x'.repeat(MiB - 100)}"`,
  'a name of a megabyte': `export function ${'x'.repeat(MiB - 100)}() {}`,
  'many members of one object': `module.exports={${upTo('a(){},', 200_000)}}`,
  'many assignments': `function A(){}\n${upTo('A.b=function(){};', 200_000)}`,
  '10,000 brackets': '('.repeat(10_000) + '1' + ')'.repeat(10_000),
  '10,000 arrays': `export const a = ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  '10,000 objects': `export const a = ${'{a:'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '10,000 blocks': '{'.repeat(10_000) + '}'.repeat(10_000),
  '10,000 calls in calls': 'f('.repeat(10_000) + ')'.repeat(10_000),
  '10,000 links of a chain': `export const a = x${'.then(y)'.repeat(10_000)}`,
  '10,000 sums': `export const a = ${'1+'.repeat(10_000)}1`,
  '3,000 functions in functions': 'function f(){'.repeat(3_000) + '}'.repeat(3_000),
  '3,000 classes in classes': 'class A{m(){'.repeat(1_500) + '}}'.repeat(1_500),
  '5,000 arrow functions': `export const a = ${'()=>'.repeat(5_000)}1`,
  '5,000 conditions': `export const a = ${'b?c:'.repeat(5_000)}d`,
  '5,000 else-ifs': 'if(a){}else '.repeat(5_000) + '{}',
  '5,000 templates in templates': '`${'.repeat(5_000) + '1' + '}`'.repeat(5_000),
  '5,000 elements': '<a>'.repeat(5_000) + '</a>'.repeat(5_000),
  '5,000 type arguments': `type A = ${'B<'.repeat(5_000)}C${'>'.repeat(5_000)}`,
  '5,000 opening brackets': '([{'.repeat(5_000),
  'a string that never ends': 'export const a = "never\nexport function b() {}\n',
  'a comment that never ends': 'export function a() {}\n/* never\nexport function b() {}\n',
  'a template that never ends': 'export function a() {}\nconst b = `never ${a(',
  'a regular expression that never ends': 'export function a() {}\nconst b = /never[\n',
  'half-written code': 'export class A extends {\n  constructor(private \n  get x(): { return\n}\nexport const = function(\nimport { from',
  'bytes that are no text': '\0\u0001\ufffd\ud800 export function \0a() {}\n\udfff',
  nothing: '',
}

describe('bad TypeScript and JavaScript', () => {
  const files = Object.values(BOMBS).flatMap((text, index) => ['tsx', 'js'].map((ending) => source(`src/bomb${index}.${ending}`, text)))
  const runs: ParseItem[][] = []

  before(async function () {
    this.timeout(120_000)
    runs.push(await parse(files), await parse(files))
  })

  for (const [index, what] of Object.keys(BOMBS).entries()) {
    it(`is read as far as it goes, twice the same, and kills no parser: ${what}`, () => {
      for (const at of [2 * index, 2 * index + 1]) {
        const [item, again] = [runs[0]?.[at], runs[1]?.[at]]
        assert(item !== undefined && again !== undefined)
        if (item.kind === 'parsed') ParsedFileSchema.parse(item.parsed)
        // A busy machine may need more than the limit for a megabyte; nothing else is an excuse.
        for (const each of [item, again]) if (each.kind === 'skipped') assert.equal(each.skipped.reason, 'parse_timeout')
        if (item.kind === 'parsed' && again.kind === 'parsed') assert.deepEqual(again, item)
      }
    })
  }

  it('with a byte order mark or CR LF says the same of its symbols as without', async () => {
    const text = '/**\n * Docs.\n * More.\n */\nexport class A {\n  run(a: string): void {}\n}\n'
    const items = await parse([
      source('src/a.ts', text),
      source('src/b.ts', text.replaceAll('\n', '\r\n')),
      source('src/c.ts', `\ufeff${text}`),
    ])
    const seen = items.map((item) =>
      item.kind === 'parsed'
        ? item.parsed.symbols.map(({ name, line, signature, doc_comments }) => [name, line, signature, doc_comments])
        : [],
    )
    assert.deepEqual(seen[0], [
      ['A', 5, 'export class A', 'Docs.\nMore.'],
      ['run', 6, 'run(a: string): void', null],
    ])
    assert.deepEqual(seen[1], seen[0])
    assert.deepEqual(seen[2], seen[0])
  })

  it('tells of every file that is broken in which line', async () => {
    const broken = ['a string that never ends', 'a comment that never ends', 'a template that never ends', 'half-written code']
    const items = await parse(broken.map((what, index) => source(`src/${index}.ts`, BOMBS[what] ?? '')))
    const codes = items.map((item) => (item.kind === 'parsed' ? item.parsed.diagnostics.map(({ code }) => code) : []))
    assert.deepEqual(
      codes,
      broken.map(() => ['syntax_error']),
    )
  })

  for (const [language, ending, carets] of [
    ['typescript', 'ts', 'redux-create-store.txt'],
    ['javascript', 'js', 'express-view.txt'],
  ] as const) {
    it(`made of a real ${language} file by cutting, splicing, repeating and flipping is read, twice the same`, async () => {
      const path = join(repositoryRoot(), 'edge-worker/test/languages', language, 'carets', carets)
      const { text } = readCarets(readFileSync(path, 'utf8'))
      const files = mutants(text, 140).map((mutant, index) => source(`src/mutant${index}.${ending}`, mutant))
      const [first, second] = [await parse(files), await parse(files)]
      assert.equal(first.length, files.length)
      assert.deepEqual(second, first)
      for (const [index, item] of first.entries()) {
        assert(item.kind === 'parsed', `mutant ${index} was given up`)
        const { symbols, ranges } = ParsedFileSchema.parse(item.parsed)
        assert.equal(new Set(symbols.map(({ id }) => id)).size, symbols.length)
        for (const { start, head, body, end } of ranges) assert(start <= head && head <= body && body <= end, `mutant ${index}`)
      }
    }).timeout(60_000)
  }
})

/** Seeded, so that a mutant that breaks something can be had again. */
function mutants(text: string, count: number): string[] {
  let state = 20_261_122
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % Math.max(below, 1)
  }
  const place = (): number => random(text.length)
  const piece = (): string => text.slice(place()).slice(0, random(400))
  const ways: readonly (() => string)[] = [
    () => text.slice(0, place()),
    () => text.slice(place()),
    () => {
      const at = place()
      return text.slice(0, at) + text.slice(at + random(200))
    },
    () => {
      const at = place()
      return text.slice(0, at) + piece() + text.slice(at)
    },
    () => {
      const at = place()
      return text.slice(0, at) + text.slice(at, at + 40).repeat(50) + text.slice(at)
    },
    () => {
      const at = place()
      return text.slice(0, at) + '{(['.repeat(random(300)) + text.slice(at)
    },
    () => {
      const bytes = Buffer.from(text)
      for (let turn = 0; turn < 20; turn++) bytes[random(bytes.length)] = random(256)
      return bytes.toString('utf8')
    },
  ]
  return Array.from({ length: count }, (_, index) => ways[index % ways.length]?.() ?? '')
}
