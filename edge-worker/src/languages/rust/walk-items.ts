import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { readHeader } from './header.js'
import type { SyntaxTable } from '../syntax-table.js'
import { K } from './kinds.js'

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

/** The items among the grammar's nodes, and what their members call them. */
const ITEM_TYPES: Readonly<Record<number, string>> = {
  [K.function_item]: 'function_item',
  [K.function_signature_item]: 'function_signature_item',
  [K.struct_item]: 'struct_item',
  [K.enum_item]: 'enum_item',
  [K.union_item]: 'union_item',
  [K.trait_item]: 'trait_item',
  [K.impl_item]: 'impl_item',
  [K.const_item]: 'const_item',
  [K.static_item]: 'static_item',
  [K.type_item]: 'type_item',
  [K.associated_type]: 'associated_type',
  [K.macro_definition]: 'macro_definition',
  [K.mod_item]: 'mod_item',
}

/** Their inside holds no items of ours: tokens of macros are read by `macro-items.ts`, fields and variants are not symbols. */
const CLOSED = new Set<number>([
  K.macro_invocation,
  K.token_tree,
  K.use_declaration,
  K.field_declaration_list,
  K.ordered_field_declaration_list,
  K.enum_variant_list,
  K.string_literal,
  K.raw_string_literal,
])

/** Where an item or an inner doc may begin. What has none of these inside is no loss. */
const SIGNS = /\b(?:fn|struct|enum|union|trait|impl|mod|const|static|type|macro_rules)\b|\/\/!|\/\*!|#!\[/

const STEPS_BETWEEN_CLOCK_READS = 256

export interface WalkInput {
  readonly table: SyntaxTable
  /** The node whose children are walked. */
  readonly root: number
  readonly text: string
  readonly deadline: number
}

/**
 * Finds every item below a node, inner ones after the one that holds them. A stack of our own, because recursion would end in
 * a stack overflow. All comments of the table are taken to stand below the node.
 */
export function walkItems({ table, root, text, deadline }: WalkInput): WalkedItems {
  const { comments } = table
  const frames: Frame[] = []
  /** The nodes whose children the frames stand for, and the next child of each. */
  const nodes: number[] = []
  const coming: number[] = []
  const items: Item[] = []
  const macros: MacroCall[] = []
  let comment = 0
  let tooDeepAt: number | null = null
  let steps = 0

  const push = (node: number, first: number, owner: number, direct: boolean): void => {
    frames.push({ owner, direct, pending: [], begun: false })
    nodes.push(node)
    coming.push(first)
  }

  const enter = (node: number, owner: number, direct: boolean): void => {
    if (frames.length < LIMITS.walkDepth) push(node, table.firsts[node] as number, owner, direct)
    else if (tooDeepAt === null && hasSigns(text, table.starts[node] as number, table.ends[node] as number)) {
      tooDeepAt = table.starts[node] as number
    }
  }

  const visit = (frame: Frame, node: number): void => {
    const kind = table.kinds[node] as number
    const start = table.starts[node] as number
    const end = table.ends[node] as number
    if (kind === K.attribute_item) {
      frame.pending.push({ kind: 'attribute', start, end })
      return
    }
    if (kind === K.inner_attribute_item) {
      claimInner(frame, { kind: 'attribute', start, end })
      return
    }
    frame.begun = true
    const before = frame.pending
    if (before.length > 0) frame.pending = []
    const type = ITEM_TYPES[kind]
    if (type !== undefined) return visitItem(frame, node, type, before)
    if (kind === K.macro_invocation && frame.direct && hasSigns(text, start, end)) macros.push({ owner: frame.owner, start, end })
    if (!CLOSED.has(kind) && table.firsts[node] !== 0) enter(node, frame.owner, frame.direct && kind === K.ERROR)
  }

  const visitItem = (frame: Frame, node: number, type: string, before: readonly Trivia[]): void => {
    const head = table.starts[node] as number
    const end = table.ends[node] as number
    if (frames.length + 2 > LIMITS.walkDepth) {
      tooDeepAt ??= head
      return
    }
    const { header, body, bodyNode } = readHeader(table, node, text)
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
    if (bodyNode === 0 || CLOSED.has(table.kinds[bodyNode] as number)) return
    // Comments of the header speak of nothing.
    skipComments(table.starts[bodyNode] as number)
    push(node, 0, owner, false)
    enter(bodyNode, owner, true)
  }

  const claimInner = (frame: Frame, trivia: Trivia): void => {
    if (frame.direct && !frame.begun) items[frame.owner]?.inside.push(trivia)
  }

  const skipComments = (before: number): void => {
    while ((comments[comment] ?? Infinity) < before) comment += 2
  }

  /** The comments of a frame that stand before an offset. */
  const readComments = (frame: Frame, before: number): void => {
    for (let start = comments[comment]; start !== undefined && start < before; start = comments[comment]) {
      const trivia: Trivia = { kind: 'comment', start, end: comments[comment + 1] as number }
      comment += 2
      if (isInnerDoc(text, start)) claimInner(frame, trivia)
      else frame.pending.push(trivia)
    }
  }

  const finish = (timedOut: boolean): WalkedItems => ({ items, macros, tooDeepAt, timedOut })

  enter(root, -1, true)
  for (;;) {
    if (++steps % STEPS_BETWEEN_CLOCK_READS === 0 && performance.now() > deadline) return finish(true)
    const level = frames.length - 1
    const frame = frames[level]
    if (frame === undefined) return finish(false)
    const node = coming[level] as number
    if (node === 0) {
      readComments(frame, level === 0 ? Infinity : (table.ends[nodes[level] as number] as number))
      frames.pop()
      nodes.pop()
      coming.pop()
      continue
    }
    readComments(frame, table.starts[node] as number)
    coming[level] = table.nexts[node] as number
    visit(frame, node)
    // What stands in a node that was not entered, or before its body, is not this frame's.
    if (frames.length - 1 === level) skipComments(table.ends[node] as number)
  }
}

function hasSigns(text: string, start: number, end: number): boolean {
  return SIGNS.test(text.slice(start, end))
}

/** `///` but not `////`; `/**` but not `/***` and not the empty comment. */
export function isOuterDoc(text: string, at: number): boolean {
  if (text.startsWith('///', at)) return text[at + 3] !== '/'
  return text.startsWith('/**', at) && text[at + 3] !== '*' && text[at + 3] !== '/'
}

export function isInnerDoc(text: string, at: number): boolean {
  return text.startsWith('//!', at) || text.startsWith('/*!', at)
}
