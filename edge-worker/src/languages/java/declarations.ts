import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { OutlineItem } from '../outline.js'
import { childOfType, field, type ValueNode } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { tidySignature } from '../tidy-signature.js'
import { isJavadoc, javadocText } from './javadoc.js'
import { readModifiers, type Modifiers } from './modifiers.js'
import { dimensionsOf, parametersOf } from './parameters.js'
import { isTestFile } from './places.js'

export interface Declarations {
  readonly items: readonly OutlineItem[]
  readonly packageName: string
  readonly fileDocs: string | null
}

/** Where a declaration stands. */
interface Around {
  /** Index of the type around it, -1 at the top of the file. */
  readonly parent: number
  readonly typeName: string
  /** Its types are all public, down from the top of the file. */
  readonly isOpen: boolean
  /** Members of interfaces and annotations are public without a word. */
  readonly inInterface: boolean
}

const TYPES: Readonly<Record<string, SymbolType | undefined>> = {
  class_declaration: 'class',
  record_declaration: 'class',
  interface_declaration: 'interface',
  annotation_type_declaration: 'interface',
  enum_declaration: 'enum',
}
const METHODS = new Set([
  'method_declaration',
  'constructor_declaration',
  'compact_constructor_declaration',
  'annotation_type_element_declaration',
])

/** What a Java file declares. Classes inside methods are part of those methods. */
export function readDeclarations(tree: ValueNode, { path, text }: SourceFile, isLate: () => boolean): Declarations {
  const packageNode = childOfType(tree, 'package_declaration')
  const named = packageNode?.children.find((child) => child.type === 'identifier' || child.type === 'scoped_identifier')
  const packageName = named === undefined ? '' : text.slice(named.start, named.end).replace(/\s+/g, '')
  const before = packageNode === undefined ? undefined : tree.children[tree.children.indexOf(packageNode) - 1]
  const fileDocs = before !== undefined && isDoc(before, text) && /(?:^|\/)package-info\.java$/.test(path) ? docsOf(before, text) : null
  if (packageNode !== undefined && /(?:^|\/)package-info\.java$/.test(path)) {
    const start = fileDocs === null || before === undefined ? packageNode.start : before.start
    return { items: [packageItem(packageName, packageNode, start, fileDocs, isTestFile(path, packageName))], packageName: '', fileDocs }
  }
  const reader = new DeclarationReader(text, isLate)
  reader.readBody(tree, { parent: -1, typeName: '', isOpen: !isTestFile(path, packageName), inInterface: false })
  return { items: reader.items, packageName, fileDocs }
}

/** package-info.java is where a package has its documentation. */
function packageItem(name: string, { start: head, end }: ValueNode, start: number, docs: string | null, isTest: boolean): OutlineItem {
  return {
    name: name.slice(name.lastIndexOf('.') + 1),
    prefix: name.slice(0, Math.max(0, name.lastIndexOf('.'))),
    type: 'module',
    visibility: 'inherited',
    isPublic: !isTest,
    signature: `package ${name}`,
    parameters: [],
    returnType: null,
    attributes: [],
    docs,
    start,
    head,
    body: end,
    end,
    parent: -1,
  }
}

class DeclarationReader {
  readonly items: OutlineItem[] = []
  private lastDocs: { readonly node: ValueNode; readonly docs: string | null } | undefined
  constructor(
    private readonly text: string,
    private readonly isLate: () => boolean,
  ) {}

  readBody(body: ValueNode, around: Around): void {
    let doc: ValueNode | undefined
    for (const node of body.children) {
      // Nobody will see what is read from here on.
      if (this.isLate()) return
      if (node.type === 'block_comment') {
        // Of two Javadoc comments in a row the last one speaks.
        doc = isDoc(node, this.text) ? node : doc
        continue
      }
      this.readDeclaration(node, doc, around)
      doc = undefined
    }
  }

  private readDeclaration(node: ValueNode, doc: ValueNode | undefined, around: Around): void {
    if (TYPES[node.type] !== undefined) this.readType(node, doc, around)
    else if (METHODS.has(node.type)) this.readMethod(node, doc, around)
    else if (node.type === 'field_declaration' || node.type === 'constant_declaration') this.readFields(node, doc, around)
    else if (node.type === 'enum_constant') this.readConstant(node, doc, around)
    else if (node.type === 'enum_body_declarations' || node.type === 'ERROR') this.readBody(node, around)
  }

  private readType(node: ValueNode, doc: ValueNode | undefined, around: Around): void {
    const name = field(node, 'name')
    if (name === undefined || name.start === name.end) return
    const modifiers = readModifiers(node, this.text)
    const isOpen = isPublic(modifiers, around, false)
    const body = field(node, 'body')
    const parameters = field(node, 'parameters')
    const index = this.add(node, doc, around, {
      name: this.slice(name),
      type: TYPES[node.type] ?? 'class',
      modifiers,
      isPublic: isOpen,
      body: body?.start,
      parameters: parametersOf(parameters, this.text),
    })
    const inside: Around = {
      parent: index,
      typeName: this.slice(name),
      isOpen,
      inInterface: node.type === 'interface_declaration' || node.type === 'annotation_type_declaration',
    }
    if (node.type === 'record_declaration') this.readComponents(parameters, inside)
    if (body !== undefined) this.readBody(body, inside)
  }

  /** A record's component is the method that reads it: `point.x()`. */
  private readComponents(parameters: ValueNode | undefined, around: Around): void {
    for (const node of parameters?.children ?? []) {
      const name = node.type === 'formal_parameter' ? field(node, 'name') : undefined
      const type = field(node, 'type')
      if (name === undefined || type === undefined) continue
      const modifiers = readModifiers(node, this.text)
      this.add(node, undefined, around, {
        name: this.slice(name),
        type: 'method',
        modifiers,
        isPublic: around.isOpen,
        returnType: oneLine(this.slice(type)),
      })
    }
  }

  private readMethod(node: ValueNode, doc: ValueNode | undefined, around: Around): void {
    const name = field(node, 'name')
    if (name === undefined || name.start === name.end) return
    const modifiers = readModifiers(node, this.text)
    const type = field(node, 'type')
    const value = node.type === 'annotation_type_element_declaration' ? undefined : field(node, 'body')
    this.add(node, doc, around, {
      name: this.slice(name),
      type: 'method',
      modifiers,
      isPublic: isPublic(modifiers, around),
      body: value?.start,
      parameters: parametersOf(field(node, 'parameters'), this.text),
      returnType: type === undefined ? null : oneLine(this.slice(type)) + dimensionsOf(node, this.text),
    })
  }

  /** `int a, b = 2;` are two fields; the first one has the docs and the text that they share. */
  private readFields(node: ValueNode, doc: ValueNode | undefined, around: Around): void {
    const modifiers = readModifiers(node, this.text)
    const type = field(node, 'type')
    if (type === undefined) return
    const isConst = around.inInterface || (modifiers.words.includes('static') && modifiers.words.includes('final'))
    const declarators = node.children.filter((child) => child.type === 'variable_declarator')
    const before = [modifiers.text, this.slice(type)].join(' ')
    declarators.forEach((declarator, index) => {
      const name = field(declarator, 'name')
      if (name === undefined || name.start === name.end) return
      const value = field(declarator, 'value')
      const dimensions = dimensionsOf(declarator, this.text)
      const isLast = index === declarators.length - 1
      this.add(node, doc, around, {
        name: this.slice(name),
        type: isConst ? 'const' : 'field',
        modifiers,
        isPublic: isPublic(modifiers, around),
        signature: `${before} ${this.slice(name)}${dimensions}`,
        body: value?.start,
        span: { from: index === 0 ? undefined : declarator.start, to: isLast ? node.end : declarator.end },
      })
    })
  }

  private readConstant(node: ValueNode, doc: ValueNode | undefined, around: Around): void {
    const name = field(node, 'name')
    if (name === undefined || name.start === name.end) return
    const modifiers = readModifiers(node, this.text)
    const values = field(node, 'arguments') ?? field(node, 'body')
    this.add(node, doc, around, {
      name: this.slice(name),
      type: 'const',
      modifiers,
      isPublic: around.isOpen,
      signature: this.slice(name),
      body: values?.start,
    })
  }

  private add(node: ValueNode, doc: ValueNode | undefined, around: Around, item: NewItem): number {
    const { modifiers, span } = item
    const head = span?.from ?? modifiers.head
    const end = span?.to ?? node.end
    const body = Math.min(item.body ?? end, end)
    this.items.push({
      name: item.name,
      type: item.type,
      visibility: modifiers.visibility,
      isPublic: item.isPublic,
      signature: tidySignature(item.signature ?? `${modifiers.text} ${this.withoutComments(modifiers.end, body)}`),
      parameters: item.parameters ?? [],
      returnType: item.returnType ?? null,
      attributes: modifiers.annotations,
      docs: doc === undefined ? null : this.docsOf(doc),
      start: span?.from ?? doc?.start ?? node.start,
      head,
      body,
      end,
      parent: around.parent,
    })
    return this.items.length - 1
  }

  /** Read once, however many fields one declaration has. */
  private docsOf(node: ValueNode): string | null {
    if (this.lastDocs?.node !== node) this.lastDocs = { node, docs: docsOf(node, this.text) }
    return this.lastDocs.docs
  }

  private withoutComments(start: number, end: number): string {
    const written = this.text.slice(start, end)
    return written.includes('/') ? written.replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, ' ') : written
  }

  private slice(node: ValueNode): string {
    return this.text.slice(node.start, node.end)
  }
}

interface NewItem {
  readonly name: string
  readonly type: SymbolType
  readonly modifiers: Modifiers
  readonly isPublic: boolean
  readonly signature?: string
  readonly parameters?: OutlineItem['parameters']
  readonly returnType?: string | null
  readonly body?: number | undefined
  readonly span?: { readonly from: number | undefined; readonly to: number }
}

/** Protected members are for those who extend a class, so they are part of its interface. A member outside of any class is a piece of broken text. */
function isPublic({ visibility }: Modifiers, around: Around, isMember = true): boolean {
  if (!around.isOpen || visibility === 'private') return false
  if (around.parent === -1) return visibility === 'public' && !isMember
  return around.inInterface || visibility === 'public' || visibility === 'protected'
}

function isDoc(node: ValueNode, text: string): boolean {
  return node.type === 'block_comment' && isJavadoc(text, node.start)
}

function docsOf(node: ValueNode, text: string): string | null {
  return javadocText(text.slice(node.start, node.end))
}
