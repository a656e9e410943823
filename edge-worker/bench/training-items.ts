/**
 * The items of a package as the built-in model sees them, for its training (`edge-worker/training`):
 *
 *     node edge-worker/dist/bench/training-items.js --root <dir> --language <name> --out <file.jsonl> [--most <files>]
 *
 * One line a symbol: `{name, kind, path, public, head, body, marks, docs}`. They come through the parse and chunk stages, so the model
 * learns from what it will meet. Documentation is read from the source as it is; head and body come from the source without
 * documentation. Tests, examples and code of others are left out, and so are files of a megabyte.
 * Of more than `--most` files every n-th is read.
 */
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { languageByName } from '../src/languages/languages.js'
import { chunksOfFile } from '../src/stages/chunk/chunk-file.js'
import { createMeter } from '../src/stages/chunk/meter.js'
import { parseAll } from '../test/stages/parse/collect.js'

const LEFT_OUT =
  /(^|\/)(\.git|tests?|__tests__|testing|testdata|spec|examples?|docs?|bench(marks?)?|vendor|vendored|third_party|node_modules|_vendor)\//i
const LONGEST_FILE = 1_000_000
/** What a row of the table takes in is far less. */
const LONGEST_PART = 4000
const KINDS = new Set(['function', 'method', 'class', 'interface', 'struct', 'enum', 'union', 'trait', 'type_alias'])

const options = benchOptions({
  bench: import.meta.url,
  required: ['root', 'language', 'out'],
  options: { root: { type: 'string' }, language: { type: 'string' }, out: { type: 'string' }, most: { type: 'string' } },
})
const { root, out, language: languageName } = options
const language = languageByName(languageName)
if (language === undefined) throw new Error(`no language is called ${languageName}`)

const paths = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && language.endings.some((ending) => entry.name.endsWith(ending)))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !LEFT_OUT.test(relative(root, path).split(sep).join('/')) && statSync(path).size < LONGEST_FILE)
  .sort()
const step = Math.max(1, paths.length / Number(options.most ?? Infinity))
const files: SourceFile[] = paths
  .filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
  .map((path) => ({ path: relative(root, path).split(sep).join('/'), language: language.name, text: readFileSync(path, 'utf8') }))

const docsOf = new Map<string, string>()
for (const item of await parseAll(files, { parallel: 1 }))
  if (item.kind === 'parsed') for (const symbol of item.parsed.symbols) docsOf.set(symbol.id, symbol.doc_comments ?? '')

const lines: string[] = []
const meter = createMeter([])
const blanked = files.map((file) => ({ ...file, text: withoutDocs(file.text, language.name) }))
for (const item of await parseAll(blanked, { parallel: 1 })) {
  if (item.kind === 'skipped') continue
  const symbols = new Map(item.parsed.symbols.map((symbol) => [symbol.id, symbol]))
  for (const chunk of chunksOfFile(item.parsed, meter)) {
    const symbol = chunk.symbol_id === null ? undefined : symbols.get(chunk.symbol_id)
    if (symbol === undefined || !chunk.chunk_id.endsWith('@0') || !KINDS.has(symbol.symbol_type)) continue
    const { name, path, head, body, marks } = chunk.fields
    lines.push(
      JSON.stringify({
        name,
        kind: symbol.symbol_type,
        path,
        public: symbol.is_public_api,
        head: head.slice(0, LONGEST_PART),
        body: body.replace(/^pass\n/, '').slice(0, LONGEST_PART),
        marks,
        docs: (docsOf.get(symbol.id) ?? '').slice(0, LONGEST_PART),
      }),
    )
  }
}
writeFileSync(out, lines.map((line) => `${line}\n`).join(''))
console.error(`${files.length} files, ${lines.length} items`)

/** Python: a string that is the first statement of a suite. Others: block comments that begin with two stars, and comments that begin a line outside of bodies. */
function withoutDocs(text: string, of: string): string {
  if (of === 'Python')
    return text.replace(
      /(^|:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*)([ \t]*)[rRuUbB]{0,2}(?:"""[^]*?"""|\'\'\'[^]*?\'\'\'|"[^"\n]*"|'[^'\n]*')[ \t]*(?=\n)/g,
      // A body that was only documentation must stay a body.
      (_, before: string, indent: string) => (before.startsWith(':') ? `${before}${indent}pass` : before),
    )
  const starred = text.replace(/\/\*\*[^]*?\*\//g, '')
  return of === 'Go' || of === 'C' || of === 'C++' ? starred.replace(/^(?:\/\/[^\n]*|\/\*[^]*?\*\/)\n/gm, '') : starred
}
