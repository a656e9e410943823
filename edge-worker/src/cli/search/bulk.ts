import { constants } from 'node:fs'
import { access, lstat, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SearchOptions } from '@doctown/common/search/search-index.js'
import type { Console } from '../console.js'
import type { OpenedIndex } from './opened-index.js'
import { placeOf, rounded } from './search.js'

const QuerySchema = z.object({ id: z.union([z.string(), z.number()]), query: z.string() })
type Query = z.infer<typeof QuerySchema>

/** Queries between two looks at the clock and the signal. */
const A_TURN = 50

/**
 * `doctown search --root DIR --queries IN --out OUT`: every query of a file, answers in their order. OUT appears whole or not at all; a device or
 * a pipe is written into. Throws `usage` for a line that cannot be read, with its number, and for files that cannot be opened,
 * `data_folder_unwritable` for an OUT that cannot be written, before the folder is read where that shows early.
 */
export async function bulkSearch(
  open: () => Promise<OpenedIndex>,
  files: { readonly queries: string; readonly out: string },
  options: SearchOptions,
  { console, signal }: { readonly console: Console; readonly signal: AbortSignal },
): Promise<void> {
  const queries = await readQueries(files.queries)
  const intoStream = await isStream(files.out)
  const begin = performance.now()
  const index = await open()
  const indexSeconds = (performance.now() - begin) / 1000
  for (const note of index.notes) console.note(note)
  console.note(`${index.size} items indexed in ${indexSeconds.toFixed(1)} s`)

  const times: number[] = []
  const lines: string[] = []
  for (const [at, { id, query }] of queries.entries()) {
    if (at % A_TURN === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      console.overwrite(`query ${at}/${queries.length}`)
    }
    const asked = performance.now()
    const hits = query.trim() === '' ? [] : await index.find(query, options)
    times.push(performance.now() - asked)
    const results = hits.map(({ item, score }) => ({ ...placeOf(item), symbol: item.name, score: rounded(score) }))
    lines.push(`${JSON.stringify({ id, results })}\n`)
  }
  const empty = queries.filter(({ query }) => query.trim() === '').length
  if (empty > 0) console.note(`${empty} of ${queries.length} queries are empty and have no results.`)
  await writeWhole(files.out, lines.join(''), intoStream)

  const p50 = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  const answer = { queries: queries.length, index_seconds: rounded(indexSeconds), query_ms_p50: rounded(p50) }
  console.answer(answer, [`${queries.length} queries, ${p50.toFixed(2)} ms each (p50): ${files.out}`])
}

async function readQueries(file: string): Promise<Query[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new DoctownError('usage', `The queries cannot be read from ${file}; give a file with lines {"id", "query"}.`, { cause })
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return []
    const query = QuerySchema.safeParse(jsonOrNull(line))
    if (query.success) return [query.data]
    throw new DoctownError('usage', `Line ${at + 1} of ${file} is not {"id": "...", "query": "..."}; put it right and try again.`, {
      details: { line: at + 1 },
    })
  })
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Whether what is there already is written into, as a device, a pipe and a link are (/dev/stdout is one of them), and not replaced. Throws where nothing can be written. */
async function isStream(file: string): Promise<boolean> {
  try {
    const there = await stat(file).catch(() => null)
    if (there?.isDirectory()) throw new Error('a folder')
    const written = there !== null && !(await lstat(file)).isFile()
    await access(written ? file : dirname(file), constants.W_OK)
    return written
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

async function writeWhole(file: string, text: string, intoStream: boolean): Promise<void> {
  const temporary = `${file}.${process.pid}.part`
  try {
    await writeFile(intoStream ? file : temporary, text)
    if (!intoStream) await rename(temporary, file)
  } catch (cause) {
    if (!intoStream) await rm(temporary, { force: true }).catch(() => {})
    throw unwritable(file, cause)
  }
}

const unwritable = (file: string, cause: unknown): DoctownError =>
  new DoctownError('data_folder_unwritable', `${file} cannot be written; choose another place with --out.`, { cause })
