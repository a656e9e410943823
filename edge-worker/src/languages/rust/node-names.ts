import type Parser from 'tree-sitter'

/**
 * Names by the grammar's own numbers. The binding makes a new string at every look at `nodeType`, which is a third of the
 * time of a walk; a number costs next to nothing. One grammar a process is loaded here, so the numbers stay true.
 */
const types: { readonly name: string; readonly named: boolean }[] = []
const fields: (string | null)[] = [null]

export function typeOf(cursor: Parser.TreeCursor): string {
  return entryOf(cursor).name
}

export function isNamed(cursor: Parser.TreeCursor): boolean {
  return entryOf(cursor).named
}

export function fieldOf(cursor: Parser.TreeCursor): string | null {
  const id = cursor.currentFieldId
  return (fields[id] ??= id === 0 ? null : cursor.currentFieldName)
}

function entryOf(cursor: Parser.TreeCursor): { readonly name: string; readonly named: boolean } {
  return (types[cursor.nodeTypeId] ??= { name: cursor.nodeType, named: cursor.nodeIsNamed })
}
