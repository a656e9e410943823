import type { SyntaxTable } from '../../src/languages/syntax-table.js'
import { F, K } from '../../src/languages/rust/kinds.js'

const KINDS = new Map<number, string>(Object.entries(K).map(([name, kind]) => [kind, name]))
const FIELDS = new Map<number, string>(Object.entries(F).map(([name, field]) => [field, name]))

/** A line a node, in source order, indented by depth: what two readers of one text can be compared by. */
export function syntaxNodes(table: SyntaxTable, root: number): string[] {
  const lines: string[] = []
  const walk = (node: number, depth: number): void => {
    for (let child = table.firsts[node] ?? 0; child !== 0; child = table.nexts[child] ?? 0) {
      const field = FIELDS.get(table.fields[child] ?? 0)
      const kind = KINDS.get(table.kinds[child] ?? 0)
      lines.push(`${' '.repeat(depth)}${field === undefined ? '' : `${field}: `}${kind} ${table.starts[child]}-${table.ends[child]}`)
      walk(child, depth + 1)
    }
  }
  walk(root, 0)
  return lines
}
