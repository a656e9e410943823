import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

/**
 * A reading test: source lines after `| `, and under the line on which a symbol begins what was read of it:
 *
 *     | pub fn open(path: &Path) -> Result<File> {
 *     ^ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ function fs::open, public
 *     =   (path: &Path) -> Result<File>
 *
 * The first line names the file, the last ones its own docs and the diagnostics.
 */
export function renderCarets(parsed: ParsedFile): string {
  const lines = parsed.text.split('\n')
  const starts: number[] = []
  let offset = 0
  for (const line of lines) {
    starts.push(offset)
    offset += line.length + 1
  }
  const out = [`file ${parsed.file}`]
  for (const [index, line] of lines.entries()) {
    if (index === lines.length - 1 && line === '') break
    out.push(`| ${line}`.trimEnd())
    for (const [at, symbol] of parsed.symbols.entries()) {
      const range = parsed.ranges[at]
      if (symbol.line !== index + 1 || range === undefined) continue
      const column = range.head - (starts[index] ?? 0)
      const width = Math.min(line.trimEnd().length - column, range.body - range.head)
      const shown = line.slice(column, column + width).trimEnd().length
      out.push(`^ ${' '.repeat(column)}${'^'.repeat(Math.max(1, shown))} ${headline(symbol)}`, ...details(symbol))
    }
  }
  if (parsed.file_docs !== null) out.push(`= file docs ${JSON.stringify(parsed.file_docs)}`)
  for (const { code, line } of parsed.diagnostics) out.push(`! ${code} line ${line ?? '-'}`)
  return out.join('\n') + '\n'
}

/** The source that a rendered text shows, and the file that it names. */
export function readCarets(rendered: string): { readonly file: string; readonly text: string } {
  const lines = rendered.split('\n')
  const source = lines.filter((line) => line.startsWith('|')).map((line) => line.slice(2))
  return { file: (lines[0] ?? '').replace(/^file /, ''), text: source.join('\n') + '\n' }
}

function headline(symbol: Symbol): string {
  const id = symbol.id.slice(symbol.file.length + 1)
  const words = [`${symbol.symbol_type} ${id}`]
  if (symbol.visibility !== 'inherited') words.push(symbol.visibility)
  if (symbol.is_public_api) words.push('PUBLIC')
  words.push(symbol.line === symbol.end_line ? `line ${symbol.line}` : `lines ${symbol.line}-${symbol.end_line}`)
  return words.join(', ')
}

function details(symbol: Symbol): string[] {
  const lines = [`=   ${symbol.signature}`]
  if (symbol.parameters.length > 0)
    lines.push(`=   takes ${symbol.parameters.map(({ name, param_type }) => `[${name} | ${param_type}]`).join(' ')}`)
  if (symbol.return_type !== null) lines.push(`=   gives [${symbol.return_type}]`)
  if (symbol.doc_comments !== null) lines.push(`=   docs ${JSON.stringify(symbol.doc_comments)}`)
  if (symbol.attributes.length > 0) lines.push(`=   attributes ${symbol.attributes.join(' ')}`)
  const name = symbol.path.slice(-symbol.name.length)
  if (name !== symbol.name || !/(?:^|[:.])$/.test(symbol.path.slice(0, -symbol.name.length))) lines.push(`=   name ${symbol.name}`)
  if (symbol.container !== null) lines.push(`=   in ${symbol.container.slice(symbol.file.length + 1)}`)
  return lines
}
