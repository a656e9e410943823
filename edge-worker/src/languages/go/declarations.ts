import type { Parameter, SymbolType } from '@doctown/common/contracts/symbol.js'
import type { OutlineItem } from '../outline.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { commentBehind, commentsAbove } from './comments.js'

/** Everything that a Go file declares at its top, with the fields and methods of its types. */
export function declarationsOf(file: ValueNode, text: string, isLate: () => boolean): OutlineItem[] {
  return new Declarations(text, buildConstraints(file, text), isLate).read(file)
}

/** The name of the package, empty where the clause is missing. */
export function packageName(file: ValueNode, text: string): string {
  const clause = childOfType(file, 'package_clause')
  const name = clause?.children.find((child) => child.type === 'package_identifier')
  return name === undefined ? '' : text.slice(name.start, name.end)
}

/** What the file says of its package: the comment directly above the package clause. */
export function packageDocs(file: ValueNode, text: string): string | null {
  const index = file.children.findIndex((child) => child.type === 'package_clause')
  return index === -1 ? null : commentsAbove(file.children, index, text).docs
}

export function isExported(name: string): boolean {
  return /^\p{Lu}/u.test(name)
}

/** `//go:build linux`: the file is compiled only then. It says nothing when it stands behind the package clause. */
function buildConstraints(file: ValueNode, text: string): string[] {
  const end = file.children.findIndex((child) => child.type === 'package_clause')
  return file.children.slice(0, Math.max(end, 0)).flatMap((child) => {
    const comment = child.type === 'comment' ? text.slice(child.start, child.end).trimEnd() : ''
    return /^\/\/go:build /.test(comment) ? [comment] : []
  })
}

interface Draft {
  readonly name: string
  readonly type: SymbolType
  readonly head: number
  readonly body?: number
  readonly end: number
  readonly signature: string
  readonly parent?: number
  readonly prefix?: string
  readonly parameters?: readonly Parameter[]
  readonly returnType?: string | null
  readonly docs: { readonly start: number; readonly docs: string | null; readonly directives: readonly string[] }
  readonly attributes?: readonly string[]
  readonly isPublic: boolean
}

class Declarations {
  private readonly items: OutlineItem[] = []
  private readonly types = new Map<string, number>()

  constructor(
    private readonly text: string,
    private readonly constraints: readonly string[],
    private readonly isLate: () => boolean,
  ) {}

  read(file: ValueNode): OutlineItem[] {
    this.readAll(file)
    // A method may stand above its type.
    return this.items.map((item) => (item.prefix === undefined ? item : { ...item, parent: this.types.get(item.prefix) ?? -1 }))
  }

  private readAll(file: ValueNode): void {
    for (const [index, node] of file.children.entries()) {
      if (this.isLate()) return
      switch (node.type) {
        case 'function_declaration':
        case 'method_declaration':
          this.readFunction(file.children, index)
          break
        case 'const_declaration':
        case 'var_declaration':
        case 'type_declaration':
          this.readGroup(file.children, index)
          break
        case 'ERROR':
          this.readAll(node)
          break
        default:
      }
    }
  }

  private readFunction(siblings: readonly ValueNode[], index: number): void {
    const node = siblings[index]
    const name = node === undefined ? undefined : field(node, 'name')
    if (node === undefined || name === undefined || name.end === name.start) return
    const body = field(node, 'body')
    const written = this.slice(name)
    const receiver = field(node, 'receiver')
    const holder = receiver === undefined ? null : receiverType(receiver, this.text)
    this.push({
      name: written,
      type: node.type === 'method_declaration' ? 'method' : 'function',
      head: node.start,
      body: body?.start,
      end: node.end,
      signature: this.text.slice(node.start, body?.start ?? node.end),
      prefix: holder ?? undefined,
      parameters: this.parameters(field(node, 'parameters')),
      returnType: this.written(field(node, 'result')),
      docs: commentsAbove(siblings, index, this.text),
      isPublic: isExported(written) && (holder === null || isExported(holder)),
    })
  }

  /** `const X = 1`, `const ( .. )` and the like: one item a name. */
  private readGroup(siblings: readonly ValueNode[], index: number): void {
    const node = siblings[index]
    if (node === undefined) return
    const list = childOfType(node, 'var_spec_list') ?? node
    const specs = list.children.flatMap((child, at) => (SPECS.has(child.type) ? [{ spec: child, at }] : []))
    const above = commentsAbove(siblings, index, this.text)
    const isGroup = /^[a-z]+\s*\(/.test(this.text.slice(node.start, node.start + 40))
    for (const { spec, at } of specs) {
      if (this.isLate()) return
      const own = isGroup ? commentsAbove(list.children, at, this.text) : above
      const behind = isGroup ? commentBehind(list.children, at, this.text) : commentBehind(siblings, index, this.text)
      const docs = own.docs ?? (spec.type === 'type_spec' ? null : behind) ?? (specs.length === 1 ? above.docs : null)
      // Alone, a declaration begins with its keyword.
      const place = { ...own, docs, head: isGroup ? spec.start : node.start }
      if (spec.type === 'type_spec' || spec.type === 'type_alias') this.readType(spec, place)
      else this.readValues(spec, place)
    }
  }

  private readType(spec: ValueNode, place: Draft['docs'] & { readonly head: number }): void {
    const name = field(spec, 'name')
    const type = field(spec, 'type')
    if (name === undefined || name.end === name.start) return
    const written = this.slice(name)
    const kind = spec.type === 'type_spec' ? type?.type : undefined
    const members =
      kind === 'struct_type' ? childOfType(type as ValueNode, 'field_declaration_list') : kind === 'interface_type' ? type : undefined
    const keyword = kind === 'struct_type' ? 'struct' : kind === 'interface_type' ? 'interface' : null
    const before = this.text.slice(spec.start, type?.start ?? spec.end).trimEnd()
    const parent = this.items.length
    this.types.set(written, this.types.get(written) ?? parent)
    this.push({
      name: written,
      type: kind === 'struct_type' ? 'struct' : kind === 'interface_type' ? 'interface' : 'type_alias',
      head: place.head,
      body: keyword === null ? undefined : this.bodyOf(type),
      end: spec.end,
      signature: `type ${keyword === null ? this.slice(spec) : `${before} ${keyword}`}`,
      docs: place,
      isPublic: isExported(written),
    })
    for (const [at, member] of (members?.children ?? []).entries()) {
      if (this.isLate()) return
      const siblings = members?.children ?? []
      const above = commentsAbove(siblings, at, this.text)
      const docs = { ...above, docs: above.docs ?? commentBehind(siblings, at, this.text) }
      if (member.type === 'field_declaration') this.readField(member, parent, docs, isExported(written))
      if (member.type === 'method_elem') this.readMethod(member, parent, docs, isExported(written))
    }
  }

  private readMethod(node: ValueNode, parent: number, docs: Draft['docs'], holderIsPublic: boolean): void {
    const name = field(node, 'name')
    if (name === undefined) return
    const written = this.slice(name)
    this.push({
      name: written,
      type: 'method',
      head: node.start,
      end: node.end,
      signature: this.slice(node),
      parent,
      parameters: this.parameters(field(node, 'parameters')),
      returnType: this.written(field(node, 'result')),
      docs,
      isPublic: holderIsPublic && isExported(written),
    })
  }

  /** Exported fields, embedded types among them, which go by the name of their type. */
  private readField(node: ValueNode, parent: number, docs: Draft['docs'], holderIsPublic: boolean): void {
    const type = field(node, 'type')
    const tag = field(node, 'tag')
    if (type === undefined) return
    const named = node.children.filter((child) => child.field === 'name').map((child) => ({ name: this.slice(child), start: child.start }))
    const embedded = /([\p{L}_][\p{L}\p{N}_]*)(?:\[[^]*)?$/u.exec(this.slice(type))?.[1] ?? ''
    const written = oneLine(this.text.slice(named.length === 0 ? node.start : type.start, type.end))
    for (const { name, start } of named.length === 0 ? [{ name: embedded, start: node.start }] : named) {
      if (!isExported(name)) continue
      this.push({
        name,
        type: 'field',
        head: start,
        end: node.end,
        signature: named.length === 0 ? written : `${name} ${written}`,
        parent,
        // Of several names in one line only the first has the comment above it.
        docs: start === node.start ? docs : { ...docs, start },
        attributes: tag === undefined ? [] : [this.slice(tag)],
        isPublic: holderIsPublic,
      })
    }
  }

  private readValues(spec: ValueNode, place: Draft['docs'] & { readonly head: number }): void {
    const isConst = spec.type === 'const_spec'
    const names = spec.children.filter((child) => child.field === 'name' && child.type !== ',')
    const type = field(spec, 'type')
    const values = field(spec, 'value')
    for (const [at, name] of names.entries()) {
      if (this.isLate()) return
      const written = this.slice(name)
      if (written === '_' || written === '') continue
      const value = values?.children.length === names.length ? values.children[at] : names.length === 1 ? values : undefined
      const declared = `${isConst ? 'const' : 'var'} ${written}${type === undefined ? '' : ` ${this.slice(type)}`}`
      const shown = value === undefined || value.end - value.start > LONGEST_VALUE ? null : this.slice(value)
      this.push({
        name: written,
        type: isConst ? 'const' : 'variable',
        head: at === 0 ? place.head : name.start,
        body: at === 0 ? values?.start : undefined,
        end: spec.end,
        signature: shown === null || shown.includes('\n') ? declared : `${declared} = ${shown}`,
        docs: at === 0 ? place : { ...place, start: name.start },
        isPublic: isExported(written),
      })
    }
  }

  private parameters(list: ValueNode | undefined): Parameter[] {
    return (list?.children ?? []).flatMap((node): Parameter[] => {
      const type = field(node, 'type')
      if (type === undefined || !node.type.endsWith('parameter_declaration')) return []
      const param_type = `${node.type.startsWith('variadic') ? '...' : ''}${oneLine(this.slice(type))}`
      const names = node.children.filter((child) => child.field === 'name')
      return names.length === 0 ? [{ name: '_', param_type }] : names.map((name) => ({ name: this.slice(name), param_type }))
    })
  }

  private push({ docs, parent = -1, body, ...draft }: Draft): void {
    this.items.push({
      parameters: [],
      returnType: null,
      ...draft,
      signature: signatureText(draft.signature),
      start: Math.min(docs.start, draft.head),
      body: body ?? draft.end,
      parent,
      docs: docs.docs,
      attributes: [...docs.directives, ...(draft.attributes ?? []), ...(parent === -1 ? this.constraints : [])],
      visibility: 'inherited',
    })
  }

  /** The brace that opens a struct or an interface. */
  private bodyOf(type: ValueNode | undefined): number | undefined {
    if (type === undefined) return undefined
    const list = childOfType(type, 'field_declaration_list')
    if (list !== undefined) return list.start
    const brace = this.text.indexOf('{', type.start)
    return brace === -1 || brace >= type.end ? undefined : brace
  }

  private written(node: ValueNode | undefined): string | null {
    return node === undefined ? null : oneLine(this.slice(node))
  }

  private slice(node: ValueNode): string {
    return this.text.slice(node.start, node.end)
  }
}

const SPECS = new Set(['const_spec', 'var_spec', 'type_spec', 'type_alias'])

/** A value that says more than its name, in characters. */
const LONGEST_VALUE = 80

/** `T` of `(t *T)`, `(G[K, V])`; `null` where it cannot be read. */
export function receiverType(receiver: ValueNode, text: string): string | null {
  const declared = receiver.children.find((child) => child.type === 'parameter_declaration')
  const type = declared === undefined ? undefined : field(declared, 'type')
  if (type === undefined) return null
  return /^[\s*(]*([\p{L}_][\p{L}\p{N}_]*)/u.exec(text.slice(type.start, type.end))?.[1] ?? null
}

/** The header on one line, comments left out. */
function signatureText(written: string): string {
  const plain = written.includes('/')
    ? written.replace(/("(?:[^"\\\n]|\\.)*"|`[^`]*`)|\/\/[^\n]*|\/\*[^]*?\*\//g, (_all, literal?: string) => literal ?? ' ')
    : written
  return plain
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
    .trim()
}
