import type { Document } from '@doctown/common/contracts/document.js'
import type { Parameter, Symbol } from '@doctown/common/contracts/symbol.js'
import { attributeNotes } from './attribute-notes.js'
import { asMarkdown } from './comment/conventions.js'
import { readComment, type CommentFacts } from './comment/read-comment.js'
import { compose, type Composition } from './facts/compose.js'
import type { SymbolFacts } from './facts/graph-facts.js'
import { isReceiver } from './facts/receiver.js'
import { code, list } from './facts/wording.js'
import { uniqueSummaries } from './unique-summaries.js'

/** What one symbol's document is made of: its comment where that holds a sentence, else facts. */
export interface Draft {
  readonly symbol: Symbol
  readonly comment: CommentFacts | null
  readonly composition: Composition | null
  /** Names to read next to it, the nearest first. */
  readonly related: readonly string[]
}

export function draft(facts: SymbolFacts): Draft {
  const { symbol } = facts
  const names = new Set(callParameters(symbol).map((parameter) => plainName(parameter.name)))
  const comment = symbol.doc_comments === null ? null : readComment(asMarkdown(symbol.doc_comments, symbol.language), names)
  return { symbol, comment, composition: comment?.summary == null ? compose(facts) : null, related: facts.related.slice(0, SEE_ALSO) }
}

/** One document a draft, in the same order. Summaries composed from facts differ from each other as long as their facts do. */
export function finish(drafts: readonly Draft[]): Document[] {
  const summaries = uniqueSummaries(drafts.flatMap((each) => each.composition ?? []))
  let composed = 0
  return drafts.map(({ symbol, comment, composition, related }) => {
    const made = composition === null ? undefined : summaries[composed++]
    const notSaid = composition === null ? [] : composition.further.filter((_, place) => made?.used.has(place) !== true)
    return {
      symbol: symbol.id,
      summary: made?.summary ?? comment?.summary ?? '',
      description:
        made === undefined
          ? (comment?.description ?? '')
          : [notSaid.filter(isWorthTelling).join(' '), comment?.description ?? ''].filter((text) => text !== '').join('\n\n'),
      parameters: callParameters(symbol).map((parameter) => ({
        name: parameter.name,
        type: parameter.param_type,
        description: comment?.parameters.get(plainName(parameter.name)) ?? '',
      })),
      returns: comment?.returns ?? (symbol.return_type === null ? null : code(symbol.return_type)),
      errors: comment?.errors ?? null,
      example: comment?.example ?? null,
      notes: [
        ...(comment?.notes ?? []),
        ...attributeNotes(symbol.attributes),
        ...(related.length === 0 ? [] : [`See also ${list(related, SEE_ALSO)}.`]),
      ],
      claims: [],
      generated_by: made === undefined ? 'extractive:comment' : 'extractive:facts',
    }
  })
}

/** More names than these are a list and no hint. */
const SEE_ALSO = 4

/** The receiver is told by the signature and needs no description. */
const callParameters = (symbol: Symbol): readonly Parameter[] => symbol.parameters.filter((parameter) => !isReceiver(parameter, symbol))

/** `...rest`, `*args` and `mut x` are described by their bare names. */
const plainName = (name: string): string => name.replace(/^(?:ref |mut )+|^(?:\.\.\.|\*{1,2})/, '')

/** Signature, file and line stand in the symbol itself; conditions are notes. */
const isWorthTelling = (sentence: string): boolean => !/^(?:Declared as|Stands in|Its id|Compiled only)/.test(sentence)
