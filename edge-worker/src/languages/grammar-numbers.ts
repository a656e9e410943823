import type Parser from 'tree-sitter'
import type { SyntaxTable } from './syntax-table.js'

/** A node type that a language has no use for: its node is left out, its children are not read. */
const DROPPED = -1
const COMMENT = -2
const UNSEEN = -3

export interface NumberedGrammar {
  /** Kinds by the grammar's name; what is in no list is dropped when anonymous and `other` when named. */
  readonly kinds: Readonly<Record<string, number>>
  readonly other: number
  /** Anonymous nodes that are kept, such as the `_` of a pattern. */
  readonly anonymous: ReadonlySet<string>
  readonly fields: Readonly<Record<string, number>>
  readonly comments: ReadonlySet<string>
  /** Kinds whose inside is read only when they are longer than `long`, for places to cut. */
  readonly closed: ReadonlySet<string>
  /** Kinds whose inside is never read. */
  readonly leaves: ReadonlySet<string>
  readonly long: number
  readonly maxDepth: number
}

/**
 * Copies native trees of one grammar into tables. Names are asked for once a number: the binding makes a new string at every
 * look at `nodeType`, and numbers differ between grammars, of which a process may load several.
 */
export class GrammarReader {
  private readonly kinds = new Int16Array(0x10000).fill(UNSEEN)
  private readonly fields: number[] = [0]
  /** By kind: 0 entered, 1 entered when long, 2 never entered. */
  private readonly entering: Uint8Array

  constructor(private readonly grammar: NumberedGrammar) {
    this.entering = new Uint8Array(256)
    for (const name of grammar.closed) this.entering[grammar.kinds[name] ?? grammar.other] = 1
    for (const name of grammar.leaves) this.entering[grammar.kinds[name] ?? grammar.other] = 2
  }

  /**
   * Adds a tree to a table and tells its top node. `offset` is where the tree's text begins in the file, `depth` how deep its
   * top already is. What is deeper than the grammar's limit or comes after the deadline is left out.
   */
  read(
    table: SyntaxTable,
    root: Parser.SyntaxNode,
    { offset, depth, deadline }: { offset: number; depth: number; deadline: number },
  ): number {
    const { maxDepth, long } = this.grammar
    const top = table.add(this.grammar.kinds[root.type] ?? this.grammar.other, root.startIndex + offset, root.endIndex + offset)
    const cursor = root.walk()
    if (!cursor.gotoFirstChild()) return top
    const parents = [top]
    /** The last child so far of each open node, 0 before the first. */
    const lasts = [0]
    let steps = 0
    for (;;) {
      const kind = this.kindOf(cursor)
      if (kind >= 0) {
        const start = cursor.startIndex + offset
        const end = cursor.endIndex + offset
        const level = parents.length
        const node = table.add(kind, start, end)
        table.fields[node] = this.fieldOf(cursor)
        const last = lasts[level - 1] as number
        if (last === 0) table.firsts[parents[level - 1] as number] = node
        else table.nexts[last] = node
        lasts[level - 1] = node
        const entering = this.entering[kind] as number
        const enters = (entering === 0 || (entering === 1 && end - start > long)) && level + depth < maxDepth
        if (enters && cursor.gotoFirstChild()) {
          parents.push(node)
          lasts.push(0)
          continue
        }
      } else if (kind === COMMENT) table.comments.push(cursor.startIndex + offset, cursor.endIndex + offset)
      if (++steps % 1024 === 0 && performance.now() > deadline) return top
      while (!cursor.gotoNextSibling()) {
        parents.pop()
        lasts.pop()
        if (parents.length === 0 || !cursor.gotoParent()) return top
      }
    }
  }

  private kindOf(cursor: Parser.TreeCursor): number {
    const id = cursor.nodeTypeId
    const known = this.kinds[id] as number
    if (known !== UNSEEN) return known
    const { kinds, other, anonymous, comments } = this.grammar
    const name = cursor.nodeType
    const kept = cursor.nodeIsNamed ? (kinds[name] ?? other) : anonymous.has(name) ? (kinds[name] ?? other) : DROPPED
    return (this.kinds[id] = comments.has(name) ? COMMENT : kept)
  }

  private fieldOf(cursor: Parser.TreeCursor): number {
    const id = cursor.currentFieldId
    return (this.fields[id] ??= this.grammar.fields[cursor.currentFieldName] ?? 0)
  }
}
