import type { Parameter, SymbolType } from '@doctown/common/contracts/symbol.js'
import type { ValueNode } from '../value-tree.js'
import type { Span } from './comments.js'

/** One item of a file as the syntax tree shows it; ids and paths come later. */
export interface Item {
  readonly type: SymbolType
  readonly name: string
  /** Docs and decorators included. */
  readonly start: number
  readonly head: number
  /** First token of the body or the value, or `end`. */
  readonly body: number
  readonly end: number
  /** What the signature begins with where the text before the item is somebody else's: `export const` of a second name. */
  readonly prefix: string
  /** Where the signature ends: before the body, behind a type alias' right-hand side. */
  readonly signatureEnd: number
  /** Index of the item that this one is written in, -1 at the top of the file. */
  readonly parent: number
  /** Name of the item that an assignment puts this one on: `Router` of `Router.prototype.use = ..`. */
  readonly owner: string | null
  readonly visibility: string
  readonly parameters: readonly Parameter[]
  readonly returnType: string | null
  readonly decorators: readonly string[]
  readonly docs: Span | null
  /** Its name leaves the file by the item's own words: `export`, an assignment to `exports`, a member of what does. */
  readonly isExported: boolean
}

/** `export { local as exported }` and its kin: a name of this file that others may import. */
export interface LocalExport {
  readonly local: string
  readonly exported: string
  /** Index of the namespace that says so, -1 for the file. */
  readonly parent: number
  /** Where it is said. */
  readonly node: ValueNode
}

export interface WalkedItems {
  /** In source order, inner ones after the one that holds them. */
  readonly items: readonly Item[]
  readonly exports: readonly LocalExport[]
  /** The file imports or exports something; one that does neither is a script, whose names are everybody's. */
  readonly isModule: boolean
}
