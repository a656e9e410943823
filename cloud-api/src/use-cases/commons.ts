import { z } from 'zod'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackList, DocpackListItem } from '@doctown/common/contracts/http/bodies.js'
import { compareBytes } from '@doctown/common/runtime/bytes.js'
import type { Shelf } from './shelf.js'

const PAGE = 50
const CursorSchema = z.tuple([z.string(), z.string()])

export interface CommonsQuery {
  readonly query?: string | undefined
  readonly language?: string | undefined
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined
  readonly includePrivate: boolean
}

/** One page of the shelf, newest first. Throws `invalid_request` for a cursor that is none, `object_store_unavailable`. */
export function createCommons(shelf: Pick<Shelf, 'list'>): (query: CommonsQuery) => Promise<DocpackList> {
  return async ({ query, language, cursor, includePrivate }) => {
    const after = cursor === undefined ? null : readCursor(cursor)
    const wanted = query?.trim().toLowerCase() ?? ''
    const all = await shelf.list({ includePrivate })
    const found = all.filter(
      (record) =>
        record.repo_url.toLowerCase().includes(wanted) &&
        (language === undefined ||
          language === '' ||
          Object.keys(record.languages).some((name) => name.toLowerCase() === language.toLowerCase())) &&
        (after === null || isAfter(record, after)),
    )
    const page = found.slice(0, PAGE)
    const last = page.at(-1)
    return { docpacks: page.map(listItem), next_cursor: found.length > PAGE && last !== undefined ? writeCursor(last) : null }
  }
}

const listItem = (record: DocpackRecord): DocpackListItem => ({
  docpack_id: record.docpack_id,
  repo_url: record.repo_url,
  commit_sha: record.commit_sha,
  branch: record.branch,
  languages: record.languages,
  symbol_count: record.symbol_count,
  verified_share: record.verified_share,
  built_at: record.built_at,
  size_bytes: record.size_bytes,
})

type Place = readonly [builtAt: string, docpackId: string]

/** Names a place in the order, not a number of rows, so that a docpack added meanwhile moves nobody's page. */
const writeCursor = (last: DocpackRecord): string => Buffer.from(JSON.stringify([last.built_at, last.docpack_id])).toString('base64url')

function readCursor(cursor: string): Place {
  try {
    return CursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new DoctownError('invalid_request', 'cursor must be a next_cursor of this list.')
  }
}

const isAfter = (record: DocpackRecord, [builtAt, docpackId]: Place): boolean =>
  (compareBytes(builtAt, record.built_at) || compareBytes(record.docpack_id, docpackId)) > 0
