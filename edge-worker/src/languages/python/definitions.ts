import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { OutlineItem } from '../outline.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { assignedNames, signatureOfValue, valueType } from './assignments.js'
import { docstringOf, hashDocs } from './docstrings.js'
import { exportedNames } from './exports.js'
import { parametersOf } from './parameters.js'

/**
 * What a module defines: functions, classes with their methods and attributes, seen, type aliases; also under `if`, `try`
 * and `with`. What a function defines inside itself is its own affair.
 */
export function definitionsOf(module: ValueNode, text: string, isLate: () => boolean): OutlineItem[] {
  return new Definitions(text, exportedNames(module, text), isLate).read(module)
}

interface Holder {
  readonly index: number
  readonly isClass: boolean
  readonly isPublic: boolean
  /** Names seen so far: only the first assignment of one makes it a symbol. */
  readonly seen: Set<string>
}

/** Statements whose blocks belong to what they stand in. Loops do not: what they assign is for the next turn. */
const TRANSPARENT = new Set([
  'block',
  'if_statement',
  'elif_clause',
  'else_clause',
  'try_statement',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'with_statement',
  'match_statement',
  'case_clause',
  'for_statement',
  'while_statement',
  'ERROR',
])
const LOOPS = new Set(['for_statement', 'while_statement'])

class Definitions {
  private readonly items: OutlineItem[] = []

  constructor(
    private readonly text: string,
    private readonly exported: ReadonlySet<string> | null,
    private readonly isLate: () => boolean,
  ) {}

  read(module: ValueNode): OutlineItem[] {
    this.readBlock(module, { index: -1, isClass: false, isPublic: true, seen: new Set() }, false)
    return this.items
  }

  private readBlock(block: ValueNode, holder: Holder, inLoop: boolean): void {
    const { children } = block
    for (const [at, node] of children.entries()) {
      if (this.isLate()) return
      switch (node.type) {
        case 'function_definition':
        case 'class_definition':
          this.readDefinition(node, node, holder)
          break
        case 'decorated_definition': {
          const definition = field(node, 'definition')
          if (definition !== undefined) this.readDefinition(definition, node, holder)
          break
        }
        case 'expression_statement':
          if (!inLoop && node.children[0]?.type === 'assignment') this.readAssignment(node, children[at + 1], holder)
          break
        case 'type_alias_statement':
          this.readAlias(node, holder)
          break
        default:
          if (TRANSPARENT.has(node.type) && !isScript(node, this.text)) this.readBlock(node, holder, inLoop || LOOPS.has(node.type))
      }
    }
  }

  private readDefinition(node: ValueNode, whole: ValueNode, holder: Holder): void {
    const name = field(node, 'name')
    if (name === undefined || name.end === name.start) return
    const body = field(node, 'body')
    const isClass = node.type === 'class_definition'
    const written = this.text.slice(name.start, name.end)
    holder.seen.add(written)
    const index = this.items.length
    const bodyStart = body === undefined || body.start < name.end ? node.end : body.start
    const parameters = field(node, 'parameters')
    const returned = field(node, 'return_type')
    const headEnd =
      returned?.end ?? field(node, 'superclasses')?.end ?? parameters?.end ?? childOfType(node, 'type_parameter')?.end ?? name.end
    this.items.push({
      name: written,
      type: isClass ? 'class' : holder.isClass ? 'method' : 'function',
      start: whole.start,
      head: node.start,
      body: bodyStart,
      end: node.end,
      parent: holder.index,
      signature: signatureText(this.text.slice(node.start, Math.max(headEnd, name.end))),
      parameters: isClass ? [] : parametersOf(parameters, this.text),
      returnType: returned === undefined ? null : this.slice(returned),
      docs: docstringOf(body?.children[0], this.text),
      attributes: whole.children.flatMap((child) => (child.type === 'decorator' ? [this.text.slice(child.start, child.end)] : [])),
      ...this.standing(written, holder, !isClass),
    })
    if (!isClass || body === undefined) return
    const isPublic = this.items[index]?.isPublic === true
    this.readBlock(body, { index, isClass: true, isPublic, seen: new Set() }, false)
  }

  private readAssignment(statement: ValueNode, next: ValueNode | undefined, holder: Holder): void {
    const { names, type, value } = assignedNames(statement.children[0], this.text)
    const above = hashDocs(this.text, statement.start, statement.end)
    const docs = docstringOf(next, this.text) ?? above?.text ?? null
    for (const { name, start } of names) {
      if (holder.seen.has(name) || name === '_') continue
      holder.seen.add(name)
      const isFirst = start === names[0]?.start
      this.items.push({
        name,
        type: this.typeOf(name, type, value, holder),
        start: isFirst ? Math.min(above?.start ?? start, start) : start,
        head: start,
        body: isFirst ? (value?.start ?? statement.end) : statement.end,
        end: statement.end,
        parent: holder.index,
        signature: signatureOfValue(name, type, value, this.text),
        parameters: [],
        returnType: null,
        docs,
        attributes: [],
        ...this.standing(name, holder),
      })
    }
  }

  private typeOf(name: string, type: ValueNode | undefined, value: ValueNode | undefined, holder: Holder): SymbolType {
    const told = valueType(type, value, this.text)
    if (told !== null) return told
    if (holder.isClass) return 'field'
    return /^_*[A-Z][A-Z0-9_]*$/.test(name) ? 'const' : 'variable'
  }

  private readAlias(node: ValueNode, holder: Holder): void {
    const left = field(node, 'left')
    const right = field(node, 'right')
    const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(left === undefined ? '' : this.slice(left))?.[0]
    if (name === undefined) return
    this.items.push({
      name,
      type: 'type_alias',
      start: node.start,
      head: node.start,
      body: right?.start ?? node.end,
      end: node.end,
      parent: holder.index,
      signature: this.slice(node),
      parameters: [],
      returnType: null,
      docs: hashDocs(this.text, node.start, node.end)?.text ?? null,
      attributes: [],
      ...this.standing(name, holder),
    })
  }

  /** What a name says of itself, before the module it stands in is known. */
  private standing(name: string, holder: Holder, isCallable = false): Pick<OutlineItem, 'visibility' | 'isPublic'> {
    if (holder.index !== -1) return { visibility: 'inherited', isPublic: holder.isPublic && isPublicMember(name, isCallable) }
    const listed = this.exported?.has(name) === true
    return { visibility: listed ? '__all__' : 'inherited', isPublic: this.exported === null ? !name.startsWith('_') : listed }
  }

  private slice(node: ValueNode): string {
    return this.text.slice(node.start, node.end)
  }
}

/** `if __name__ == "__main__"`: what nobody gets who imports the module. */
function isScript(node: ValueNode, text: string): boolean {
  const condition = node.type === 'if_statement' ? field(node, 'condition') : undefined
  return condition !== undefined && /^\(?\s*__name__\s*==/.test(text.slice(condition.start, condition.end))
}

/** `__len__()` is part of what a class offers; `__slots__`, `_hidden` and `__mangled` are not. */
function isPublicMember(name: string, isCallable: boolean): boolean {
  return !name.startsWith('_') || (isCallable && /^__\w+__$/.test(name))
}

/** The header on one line, comments left out. */
function signatureText(written: string): string {
  return withoutComments(written)
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
}

/** A `#` in a string (a default value) is no comment. */
function withoutComments(written: string): string {
  if (!written.includes('#')) return written
  return written.replace(
    /("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')|#[^\n]*/g,
    (_all, literal?: string) => literal ?? '',
  )
}
