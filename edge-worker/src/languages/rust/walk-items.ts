import type Parser from 'tree-sitter'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { readHeader } from './header.js'
import { typeOf } from './node-names.js'

/** UTF-16 offsets into the file's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One item of a file as the syntax tree shows it; names and paths come later. */
export interface Item {
  /** The grammar's word: `function_item`, `impl_item`, ... */
  readonly type: string
  /** Docs and attributes included. */
  readonly start: number
  readonly head: number
  /** First token of the body, or `end`. */
  readonly body: number
  readonly end: number
  /** Index of the item that this one is written in, -1 at the top of the file. */
  readonly parent: number
  readonly header: Header
  /** Doc comments and attributes before the item, in source order. */
  readonly before: readonly Trivia[]
  /** `//!` and `#![doc = ".."]` at the top of the item's own body. */
  readonly inside: Trivia[]
  /** Written in the tokens of a macro call. */
  readonly inMacro: boolean
}

/** A macro call where items may stand, whose tokens may hold some. */
export interface MacroCall extends Span {
  /** Index of the item around it, -1 at the top of the file. */
  readonly owner: number
}

export interface Header {
  readonly name: string
  readonly visibility: string | null
  /** Of an impl: the trait and the self type as written. */
  readonly trait: string | null
  readonly type: string | null
  readonly typeParameters: string | null
  readonly parameters: readonly Parameter[]
  readonly returnType: string | null
}

export interface Trivia extends Span {
  readonly kind: 'comment' | 'attribute'
}

export interface WalkedItems {
  readonly items: readonly Item[]
  readonly macros: readonly MacroCall[]
  /** Offset of the first node whose inside was left unread because it is nested too deeply. */
  readonly tooDeepAt: number | null
  readonly timedOut: boolean
}

interface Frame {
  readonly owner: number
  /** The nodes of this frame stand directly in the owner's body, where `//!` speaks of the owner. */
  readonly direct: boolean
  pending: Trivia[]
  /** Something other than docs was seen: a `//!` from here on speaks of nothing. */
  begun: boolean
}

const ITEM_TYPES = new Set([
  'function_item',
  'function_signature_item',
  'struct_item',
  'enum_item',
  'union_item',
  'trait_item',
  'impl_item',
  'const_item',
  'static_item',
  'type_item',
  'associated_type',
  'macro_definition',
  'mod_item',
])

/** Their inside holds no items of ours: tokens of macros are read by `macro-items.ts`, fields and variants are not symbols. */
const CLOSED_TYPES = new Set([
  'macro_invocation',
  'token_tree',
  'use_declaration',
  'field_declaration_list',
  'ordered_field_declaration_list',
  'enum_variant_list',
  'string_literal',
  'raw_string_literal',
])

/** Where an item or an inner doc may begin. A node without one of these inside is not entered, which keeps the walk cheap. */
const SIGNS = /\b(?:fn|struct|enum|union|trait|impl|mod|const|static|type|macro_rules)\b|\/\/!|\/\*!|#!\[/g

const STEPS_BETWEEN_CLOCK_READS = 256

/**
 * Finds every item of a file, inner ones after the one that holds them.
 * One cursor and a stack of our own: `.parent` costs O(depth), recursion would end in a stack overflow.
 */
export function walkItems(root: Parser.SyntaxNode, text: string, deadline: number): WalkedItems {
  const signs = signsOf(text)
  const cursor = root.walk()
  const frames: Frame[] = [{ owner: -1, direct: true, pending: [], begun: false }]
  const items: Item[] = []
  const macros: MacroCall[] = []
  let tooDeepAt: number | null = null
  let steps = 0

  const enter = (owner: number, direct: boolean): boolean => {
    if (frames.length >= LIMITS.walkDepth) {
      tooDeepAt ??= cursor.startIndex
      return false
    }
    if (!cursor.gotoFirstChild()) return false
    frames.push({ owner, direct, pending: [], begun: false })
    return true
  }

  /** Reads the node under the cursor; true when the cursor went into it. */
  const visit = (frame: Frame): boolean => {
    const type = typeOf(cursor)
    if (type === 'line_comment' || type === 'block_comment' || type === 'attribute_item') {
      frame.pending.push({ kind: type === 'attribute_item' ? 'attribute' : 'comment', start: cursor.startIndex, end: cursor.endIndex })
      if (type !== 'attribute_item' && isInnerDoc(text, cursor.startIndex)) claimInner(frame, frame.pending.pop())
      return false
    }
    if (type === 'inner_attribute_item') {
      claimInner(frame, { kind: 'attribute', start: cursor.startIndex, end: cursor.endIndex })
      return false
    }
    if (!frame.begun && type !== '{') frame.begun = true
    const before = frame.pending
    if (before.length > 0) frame.pending = []
    if (ITEM_TYPES.has(type)) return visitItem(frame, type, before)
    if (type === 'macro_invocation' && frame.direct && signs.within(cursor.startIndex, cursor.endIndex)) {
      macros.push({ owner: frame.owner, start: cursor.startIndex, end: cursor.endIndex })
    }
    if (CLOSED_TYPES.has(type) || !signs.within(cursor.startIndex, cursor.endIndex)) return false
    return enter(frame.owner, frame.direct && type === 'ERROR')
  }

  const visitItem = (frame: Frame, type: string, before: readonly Trivia[]): boolean => {
    const head = cursor.startIndex
    const end = cursor.endIndex
    if (frames.length + 2 > LIMITS.walkDepth) {
      tooDeepAt ??= head
      return false
    }
    if (!cursor.gotoFirstChild()) return false
    const { header, body, bodyEnd } = readHeader(cursor, type, text, end)
    let owner = frame.owner
    if (header.name !== '') {
      owner = items.length
      const kept = before.filter((trivia) => trivia.kind === 'attribute' || isOuterDoc(text, trivia.start))
      items.push({
        type,
        start: kept[0]?.start ?? head,
        head,
        body,
        end,
        parent: frame.owner,
        header,
        before: kept,
        inside: [],
        inMacro: false,
      })
    }
    // The cursor stands on the body, or on the last child where there is none.
    if (body < end && !CLOSED_TYPES.has(typeOf(cursor)) && type !== 'macro_definition' && signs.within(body, bodyEnd)) {
      frames.push({ owner, direct: false, pending: [], begun: false })
      if (enter(owner, true)) return true
      frames.pop()
    }
    cursor.gotoParent()
    return false
  }

  const claimInner = (frame: Frame, trivia: Trivia | undefined): void => {
    if (trivia !== undefined && frame.direct && !frame.begun) items[frame.owner]?.inside.push(trivia)
  }

  const finish = (timedOut: boolean): WalkedItems => ({ items, macros, tooDeepAt, timedOut })

  if (!cursor.gotoFirstChild()) return finish(false)
  for (;;) {
    if (++steps % STEPS_BETWEEN_CLOCK_READS === 0 && performance.now() > deadline) return finish(true)
    const frame = frames[frames.length - 1]
    if (frame === undefined) return finish(false)
    if (visit(frame)) continue
    while (!cursor.gotoNextSibling()) {
      frames.pop()
      if (frames.length === 0) return finish(false)
      cursor.gotoParent()
    }
  }
}

/** `///` but not `////`; `/**` but not `/***` and not the empty comment. */
export function isOuterDoc(text: string, at: number): boolean {
  if (text.startsWith('///', at)) return text[at + 3] !== '/'
  return text.startsWith('/**', at) && text[at + 3] !== '*' && text[at + 3] !== '/'
}

export function isInnerDoc(text: string, at: number): boolean {
  return text.startsWith('//!', at) || text.startsWith('/*!', at)
}

function signsOf(text: string): { within(start: number, end: number): boolean } {
  const positions: number[] = []
  for (const match of text.matchAll(SIGNS)) positions.push(match.index)
  return {
    within(start, end) {
      let low = 0
      let high = positions.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((positions[middle] as number) < start) low = middle + 1
        else high = middle
      }
      // `as`: the index is in range, which the compiler cannot see.
      return low < positions.length && (positions[low] as number) < end
    },
  }
}
