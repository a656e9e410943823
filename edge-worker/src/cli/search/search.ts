import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SearchHit, SearchOptions } from '@doctown/common/search/search-index.js'
import type { Console } from '../console.js'
import type { OpenedIndex } from './opened-index.js'

/** `doctown search <docpack or folder> "<query>"`. Throws `usage` for an empty query. */
export async function searchCommand(
  open: () => Promise<OpenedIndex>,
  query: string,
  options: SearchOptions,
  console: Console,
): Promise<void> {
  if (query.trim() === '') throw new DoctownError('usage', 'The query is empty; say what you look for.')
  const index = await open()
  for (const note of index.notes) console.note(note)
  const begin = performance.now()
  const hits = await index.find(query, options)
  const ms = performance.now() - begin
  const results = hits.map(({ item, score, why }) => ({
    ...placeOf(item),
    symbol: item.name,
    symbol_id: item.symbol_id,
    score: rounded(score),
    why: why.join('; '),
  }))
  console.answer(
    { results, ms: rounded(ms), ...(index.notes.length === 0 ? {} : { notes: index.notes }) },
    results.length === 0 ? ['Nothing found.'] : hits.flatMap(linesOf),
  )
}

export const placeOf = ({ file, start_line, end_line }: SearchHit['item']): { file: string; start_line: number; end_line: number } => ({
  file,
  start_line,
  end_line,
})

export const rounded = (value: number): number => Number(value.toFixed(4))

function linesOf({ item, why }: SearchHit): string[] {
  const name = item.symbol_type === 'text' ? item.name : `${item.path === '' ? '' : `${item.path}::`}${item.name}`
  return [`${item.file}:${item.start_line}  ${item.symbol_type} ${name}`, ...(why.length === 0 ? [] : [`    ${why.join('; ')}`])]
}
