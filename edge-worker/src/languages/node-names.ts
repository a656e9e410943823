import type Parser from 'tree-sitter'

export interface NodeNames {
  readonly typeOf: (cursor: Parser.TreeCursor) => string
  readonly isNamed: (cursor: Parser.TreeCursor) => boolean
  readonly fieldOf: (cursor: Parser.TreeCursor) => string | null
}

/**
 * Names by the grammar's own numbers. The binding makes a new string at every look at `nodeType`, which is a third of the
 * time of a walk; a number costs next to nothing. Numbers of two grammars mean two things: each grammar has its own names.
 */
export function createNodeNames(): NodeNames {
  const types: { readonly name: string; readonly named: boolean }[] = []
  const fields: (string | null)[] = [null]
  const entryOf = (cursor: Parser.TreeCursor): { readonly name: string; readonly named: boolean } =>
    (types[cursor.nodeTypeId] ??= { name: cursor.nodeType, named: cursor.nodeIsNamed })
  return {
    typeOf: (cursor) => entryOf(cursor).name,
    isNamed: (cursor) => entryOf(cursor).named,
    fieldOf(cursor) {
      const id = cursor.currentFieldId
      return (fields[id] ??= id === 0 ? null : cursor.currentFieldName)
    },
  }
}
