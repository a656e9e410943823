import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Candidate, PointPayload } from '@doctown/common/ports/vector-store/port.js'
import { stem, STOP_WORDS, subWords } from '@doctown/common/search/words.js'

export interface Comparable {
  readonly candidates: readonly Candidate[]
  /** Name and revision of what compared meanings. */
  readonly model: string
  readonly notes: readonly string[]
}

/**
 * Leaves each candidate the cosines that mean something: those to vectors of the very model that embedded the query. What another model made is found by
 * its words. Throws `model_differs` when nothing in reach was made by the built-in model that we have.
 */
export function comparable(
  found: readonly Candidate[],
  { query, models }: { readonly query: string; readonly models: { readonly small: string; readonly text: string | null } },
): Comparable {
  const near = found.filter(({ cosines }) => cosines.small !== undefined)
  if (near.length > 0 && near.every(({ payload }) => payload.small_model !== models.small)) {
    throw differs(near[0]?.payload.small_model ?? 'a model that it does not name', models.small)
  }
  const asked = new Set(telling(query))
  const candidates = found.flatMap((candidate) => {
    const { cosines, payload } = candidate
    const small = payload.small_model === models.small ? cosines.small : undefined
    const text = payload.text_model === models.text ? cosines.text : undefined
    // Without a cosine of its own only its words speak for it.
    if (small === undefined && text === undefined && cosines.small !== undefined && !wordsOf(payload).some((word) => asked.has(word)))
      return []
    return [{ ...candidate, cosines: { ...(small === undefined ? {} : { small }), ...(text === undefined ? {} : { text }) } }]
  })
  if (models.text === null) return { candidates, model: models.small, notes: [] }
  if (candidates.some(({ cosines }) => cosines.text !== undefined))
    return { candidates, model: `${models.small} + ${models.text}`, notes: [] }
  const other = found.find(({ cosines }) => cosines.text !== undefined)?.payload.text_model
  const why = other === undefined ? 'have none of a second model' : `were made with ${other}`
  const note = `The embedding service runs ${models.text}, and the docpacks in reach ${why}; meaning is compared by ${models.small} alone.`
  return { candidates, model: models.small, notes: found.length === 0 ? [] : [note] }
}

const telling = (text: string): string[] => subWords(text).flatMap((word) => (STOP_WORDS.has(word) ? [] : [stem(word)]))

const wordsOf = ({ name, path, head = '', body = '', docs = '' }: PointPayload): string[] =>
  telling([name, path, head, body, docs].join(' '))

const differs = (other: string, ours: string): DoctownError =>
  new DoctownError(
    'model_differs',
    `The vectors in reach were made with ${other}, and this service has ${ours}. Build the repositories again, or run the version that made them.`,
  )
