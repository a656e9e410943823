import { tidySignature } from '../tidy-signature.js'
import { isReserved, join, oneName, splitName, withoutArguments } from './declared-names.js'
import type { DocFinder } from './docs.js'
import type { Shadow } from './shadow.js'
import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { OutlineItem } from '../outline.js'
import type { ValueNode } from '../value-tree.js'
import { firstEndingAfter } from './span-search.js'

/** Where a declaration stands. */
export interface Around {
  readonly parent: number
  /** `ns::Class`, what names inside begin with. */
  readonly path: string
  /** Who includes the header can reach what stands here, unless it is private itself. */
  readonly isOpen: boolean
  /** The class around it, empty outside of classes. */
  readonly className: string
  /** Where a comment, a mark or a template begins that belongs to the declaration. */
  readonly head: number | undefined
}

export type Access = 'public' | 'protected' | 'private' | 'inherited'

/** Macros around a list of parameters, from the time when some compilers knew none. */
const IS_PROTO = /^(?:OF|_|__P|PARAMS|\w*PROTO\w*|\w*ARGS)$/

export interface NewItem {
  readonly name: ValueNode
  readonly type: SymbolType
  readonly signature?: string
  readonly body?: number | undefined
  readonly isPublic?: boolean | undefined
  readonly visibility?: string | undefined
  readonly parameters?: OutlineItem['parameters']
  readonly returnType?: string | null
  /** Explained by a comment on its own line. */
  readonly isMember?: boolean
  readonly span?: { readonly from: number | undefined; readonly to: number } | undefined
}

/** The items of a file, with the comments and marks that stand before them. */
export class DeclaredItems {
  readonly items: OutlineItem[] = []
  constructor(
    private readonly text: string,
    private readonly shadow: Shadow,
    private readonly docs: DocFinder,
  ) {}

  /** Its place among the items; that of its parent where it has no name. */
  add(node: ValueNode, around: Around, access: Access, item: NewItem): number {
    const { span } = item
    const from = span?.from ?? this.headOf(around.head ?? node.start)
    const end = span?.to ?? node.end
    const body = Math.max(from + 1, Math.min(item.body ?? end, end))
    const found = this.docs.find(span?.from ?? from, this.withSemicolon(end), item.isMember ?? false)
    const { before, name } = splitName(oneName(this.slice(item.name)))
    if (name === '') return around.parent
    this.items.push({
      name,
      prefix: join(around.path, withoutArguments(before)),
      type: item.type,
      visibility: item.visibility ?? access,
      isPublic: around.isOpen && isReachable(access) && !isReserved(name) && (item.isPublic ?? true),
      signature: tidySignature(item.signature ?? this.shadow.text.slice(around.head ?? node.start, body)),
      parameters: item.parameters ?? [],
      returnType: item.returnType ?? null,
      attributes: this.marksIn(from, body),
      docs: found?.text ?? null,
      start: found?.start ?? from,
      head: from,
      body,
      end: Math.max(end, body),
      parent: around.parent,
    })
    return this.items.length - 1
  }

  /** Export marks that stand before a declaration belong to it. */
  private headOf(start: number): number {
    const { marks } = this.shadow
    let head = start
    for (let at = firstEndingAfter(marks, start) - 1; at >= 0; at--) {
      const mark = marks[at]
      if (mark?.isAttached !== true || !/^\s*$/.test(this.text.slice(mark.end, head))) break
      head = mark.start
    }
    return head
  }

  private marksIn(start: number, end: number): string[] {
    const { marks } = this.shadow
    const found: string[] = []
    for (let at = firstEndingAfter(marks, end) - 1; at >= 0; at--) {
      const mark = marks[at]
      if (mark === undefined || mark.start < start) break
      const written = this.text.slice(mark.start, mark.end)
      if (/^\w/.test(written) && !IS_PROTO.test(written)) found.unshift(written.replace(/\($/, ''))
    }
    return found
  }

  private withSemicolon(end: number): number {
    const found = /^[^\S\n]*;/.exec(this.text.slice(end, end + 40))
    return found === null ? end : end + found[0].length
  }

  private slice(node: ValueNode): string {
    return this.shadow.text.slice(node.start, node.end)
  }
}

export function accessOf(label: string): Access {
  const word = /public|protected|private/.exec(label)?.[0]
  return word === 'public' || word === 'protected' ? word : 'private'
}

/** Protected members are for those who derive from the class. */
export function isReachable(access: Access): boolean {
  return access !== 'private'
}

/** Declarations and macros by their place; indices of parents follow. */
export function inOrder(items: readonly OutlineItem[], macros: readonly OutlineItem[]): OutlineItem[] {
  const all = [...items.map((item, index) => ({ item, index })), ...macros.map((item) => ({ item, index: -1 }))]
  const sorted = all.sort((a, b) => a.item.head - b.item.head || b.item.end - a.item.end || a.index - b.index)
  const places = new Map<number, number>()
  sorted.forEach(({ index }, place) => {
    if (index >= 0) places.set(index, place)
  })
  return sorted.map(({ item }) => ({ ...item, parent: places.get(item.parent) ?? -1 }))
}
