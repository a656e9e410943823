import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { OutlineItem } from '../outline.js'
import { tidySignature } from '../tidy-signature.js'
import { childOfType, field, type ValueNode } from '../value-tree.js'
import { type Declarator, lastPart, parametersOf, readDeclarator } from './declarators.js'
import { accessOf, DeclaredItems, inOrder, isReachable, type Access, type Around, type NewItem } from './declared-items.js'
import { join, oneName } from './declared-names.js'
import { DocFinder } from './docs.js'
import { macroItems } from './macros.js'
import { isPrivateNamespace, isPublicHeader } from './places.js'
import type { Shadow } from './shadow.js'

export interface Declarations {
  readonly items: readonly OutlineItem[]
  readonly fileDocs: string | null
}

export interface DeclarationSource {
  readonly file: SourceFile
  readonly shadow: Shadow
  readonly isCpp: boolean
  /** The deadline has passed: nobody will see what is read from here on. */
  readonly isLate: () => boolean
}

const TAGGED: Readonly<Record<string, SymbolType | undefined>> = {
  struct_specifier: 'struct',
  union_specifier: 'union',
  enum_specifier: 'enum',
  class_specifier: 'class',
}
/** Their children stand as if these were not there. */
const TRANSPARENT = new Set(['linkage_specification', 'declaration_list', 'ERROR', 'field_declaration_list', 'translation_unit'])

/** What a C or C++ file declares, from the tree of its shadow. What stands in the body of a function is part of the function. */
export function readDeclarations(tree: ValueNode, { file, shadow, isCpp, isLate }: DeclarationSource): Declarations {
  const docs = new DocFinder(file.text, shadow)
  const isOpen = isPublicHeader(file.path)
  const declared = new DeclaredItems(file.text, shadow, docs)
  const reader = new DeclarationReader(file.text, shadow, declared, isCpp, isLate)
  reader.readAll(tree.children, { parent: -1, path: '', isOpen, className: '', head: undefined })
  return { items: inOrder(declared.items, macroItems(shadow, docs, isOpen)), fileDocs: docs.ofFile() }
}

class DeclarationReader {
  constructor(
    private readonly text: string,
    private readonly shadow: Shadow,
    private readonly items: DeclaredItems,
    private readonly isCpp: boolean,
    private readonly isLate: () => boolean,
  ) {}

  /** Declarations in a row; in a class the labels among them say what is private. */
  readAll(nodes: readonly ValueNode[], around: Around, start: Access = 'inherited'): void {
    let access = start
    for (const node of nodes) {
      if (this.isLate()) return
      if (node.type === 'access_specifier') access = accessOf(this.slice(node))
      else this.read(node, around, access)
    }
  }

  private read(node: ValueNode, around: Around, access: Access): void {
    if (TRANSPARENT.has(node.type)) {
      const body = node.type === 'linkage_specification' ? field(node, 'body') : undefined
      this.readAll(body === undefined ? node.children : [body], around, access)
      return
    }
    if (TAGGED[node.type] !== undefined) {
      this.readTagged(node, node, around, access)
      return
    }
    switch (node.type) {
      case 'function_definition':
      case 'declaration':
      case 'field_declaration':
        this.readDeclaration(node, around, access)
        return
      case 'type_definition':
        this.readTypedef(node, around, access)
        return
      case 'namespace_definition':
        this.readNamespace(node, around)
        return
      case 'template_declaration': {
        const inner = node.children[node.children.length - 1]
        if (inner !== undefined) this.read(inner, { ...around, head: around.head ?? node.start }, access)
        return
      }
      case 'friend_declaration': {
        // A function that is defined here stands in the namespace, whatever the label above it.
        const defined = childOfType(node, 'function_definition')
        if (defined !== undefined) this.readDeclaration(defined, { ...this.outside(around), head: node.start }, 'inherited')
        return
      }
      case 'alias_declaration': {
        const name = field(node, 'name')
        if (name !== undefined) this.items.add(node, around, access, { name, type: 'type_alias' })
        return
      }
      case 'concept_definition': {
        const name = field(node, 'name')
        if (name !== undefined) this.items.add(node, around, access, { name, type: 'trait' })
        return
      }
      default:
    }
  }

  private outside(around: Around): Around {
    const path = around.path.includes('::') ? around.path.slice(0, around.path.lastIndexOf('::')) : ''
    return { ...around, path, className: '' }
  }

  private readNamespace(node: ValueNode, around: Around): void {
    const name = field(node, 'name')
    const body = field(node, 'body')
    if (body === undefined) return
    if (name === undefined) {
      this.readAll(body.children, { ...around, isOpen: false, head: undefined })
      return
    }
    const names = this.slice(name)
      .split('::')
      .map((part) => part.replace(/^\s*inline\s+/, '').trim())
    const isOpen = around.isOpen && !names.some(isPrivateNamespace)
    const parent = this.items.add(node, around, 'inherited', { name, type: 'module', body: body.start, isPublic: isOpen })
    this.readAll(body.children, { parent, path: join(around.path, names.join('::')), isOpen, className: '', head: undefined })
  }

  /** A struct, union, enum or class with a body; `whole` is the declaration that it is written in. */
  private readTagged(node: ValueNode, whole: ValueNode, around: Around, access: Access, typedefName?: ValueNode): void {
    const body = field(node, 'body')
    if (body === undefined) return
    const name = field(node, 'name') ?? typedefName
    const type = TAGGED[node.type] ?? 'struct'
    const isOpen = around.isOpen && isReachable(access)
    let parent = around.parent
    let path = around.path
    let className = around.className
    if (name !== undefined) {
      parent = this.items.add(whole, around, access, {
        name,
        type,
        body: body.start,
        ...(name === typedefName ? { signature: `${this.shadow.text.slice(whole.start, body.start)} ${this.slice(name)}` } : {}),
      })
      className = this.slice(lastPart(name)).replace(/<[^]*$/, '')
      path = join(around.path, oneName(this.slice(name)))
    }
    const inside: Around = { parent, path, isOpen, className, head: undefined }
    if (type === 'enum') {
      const isScoped = /^enum\s+(?:class|struct)\b/.test(this.shadow.text.slice(node.start, node.start + 40))
      this.readConstants(body, { ...inside, path: isScoped ? path : around.path })
    } else if (this.isCpp) {
      // Members of a struct without a name are members of what holds it.
      this.readAll(body.children, inside, name === undefined ? access : type === 'class' ? 'private' : 'inherited')
    } else for (const child of body.children) this.readNested(child, inside)
  }

  /** C's fields are no symbols, but types and constants that stand among them are. */
  private readNested(node: ValueNode, around: Around): void {
    const type = node.type === 'field_declaration' ? field(node, 'type') : undefined
    if (type !== undefined && TAGGED[type.type] !== undefined) this.readTagged(type, type, { ...around, path: '' }, 'inherited')
  }

  private readConstants(body: ValueNode, around: Around): void {
    for (const node of body.children) {
      const name = node.type === 'enumerator' ? field(node, 'name') : undefined
      if (name === undefined) continue
      this.items.add(node, around, 'inherited', {
        name,
        type: 'const',
        signature: this.slice(name),
        body: field(node, 'value')?.start,
        isMember: true,
      })
    }
  }

  private readTypedef(node: ValueNode, around: Around, access: Access): void {
    const type = field(node, 'type')
    const declared = node.children.filter((child) => child.field === 'declarator')
    const names = declared.map((declarator) => readDeclarator(declarator, this.shadow.text))
    const first = names[0]
    const tag = type === undefined || TAGGED[type.type] === undefined || field(type, 'body') === undefined ? undefined : type
    const isNamedByTypedef = tag !== undefined && first != null && first.pointers === '' && first.parameters === undefined
    const tagName = tag === undefined ? undefined : field(tag, 'name')
    if (tag !== undefined) {
      this.readTagged(
        tag,
        tagName === undefined || isNamedByTypedef ? node : tag,
        around,
        access,
        isNamedByTypedef ? first.name : undefined,
      )
    }
    for (const [index, declarator] of names.entries()) {
      if (declarator === null) continue
      const name = this.slice(declarator.name)
      // `typedef struct Foo { .. } Foo;` is one type, and so is one that only the typedef names.
      if (index === 0 && isNamedByTypedef && (tagName === undefined || this.slice(tagName) === name)) continue
      const head =
        type === undefined
          ? ''
          : this.shadow.text.slice(node.start, (tag === undefined ? undefined : field(tag, 'body')?.start) ?? type.end)
      const written = `${head.replace(/^(?!typedef)/, 'typedef ')} ${this.slice(declared[index] ?? declarator.name)}`
      const span =
        tag === undefined && names.length === 1
          ? undefined
          : { from: (declared[index] ?? declarator.name).start, to: (declared[index] ?? declarator.name).end }
      this.items.add(node, around, access, {
        name: declarator.name,
        type: 'type_alias',
        signature: written,
        ...(span === undefined ? {} : { span }),
      })
    }
  }

  private readDeclaration(node: ValueNode, around: Around, access: Access): void {
    const type = field(node, 'type')
    const declared = node.children.filter((child) => child.field === 'declarator')
    if (type !== undefined && TAGGED[type.type] !== undefined && field(type, 'body') !== undefined) {
      this.readTagged(type, declared.length === 0 ? node : type, around, access)
    }
    const whole = this.wholeOf(node, type, declared[0])
    for (const [index, declarator] of declared.entries()) {
      const read = readDeclarator(declarator, this.shadow.text)
      if (read === null) continue
      const isFirst = index === 0 && (type === undefined || field(type, 'body') === undefined)
      const isLast = index === declared.length - 1
      const span = isFirst && isLast ? undefined : { from: isFirst ? undefined : declarator.start, to: isLast ? node.end : declarator.end }
      const place: DeclaratorPlace = { around, access, span, whole }
      if (read.isFunction) this.readFunction(node, declarator, read, place)
      else this.readVariable(node, declarator, read, place)
    }
  }

  /** What all names of a declaration share, read once: there may be a hundred thousand of them. */
  private wholeOf(node: ValueNode, type: ValueNode | undefined, first: ValueNode | undefined): WholeDeclaration {
    const { text } = this.shadow
    const end = first?.start ?? type?.end ?? node.start
    const before = text.slice(node.start, end)
    const body = type === undefined ? undefined : field(type, 'body')
    const qualifiers = node.children
      .filter((child) => child.type === 'type_qualifier' && child.start < end)
      .map((child) => this.slice(child))
      .filter((word) => !/^(?:constexpr|consteval|constinit|mutable|_Noreturn|__extension__)$/.test(word))
    return {
      isStatic: /\bstatic\b/.test(before),
      isInline: /inline|constexpr/i.test(this.text.slice(node.start, end)),
      isConstant: /\bconstexpr\b|\bconstinit\b/.test(before),
      isConst: /\bconst\b/.test(before),
      isDeleted: childOfType(node, 'delete_method_clause') !== undefined,
      head: body === undefined ? before : text.slice(node.start, body.start),
      type: type === undefined ? null : [...qualifiers, text.slice(type.start, body?.start ?? type.end)].join(' '),
      body: (childOfType(node, 'field_initializer_list') ?? field(node, 'body') ?? childOfType(node, 'try_statement'))?.start,
      value: field(node, 'default_value')?.start,
    }
  }

  private readFunction(node: ValueNode, declarator: ValueNode, read: Declarator, place: DeclaratorPlace): void {
    const { around, access, span, whole } = place
    const isMember = around.className !== ''
    const isQualified = read.name.type === 'qualified_identifier'
    // Of a method that is declared in its class the declaration is the public one.
    const isOpen = !whole.isDeleted && !isQualified && (isMember || !whole.isStatic || whole.isInline)
    const last = this.slice(lastPart(read.name))
    const owner = isQualified ? /(\w+)(?:<[^<>]*>)?\s*::\s*~?\w+$/.exec(this.slice(read.name))?.[1] : around.className
    const isMethod = isMember || (isQualified && (/(?:^|::)[A-Z]|~/.test(this.slice(read.name)) || last === owner))
    const type = read.trailingType ?? (whole.type === null ? null : tidySignature(`${whole.type} ${read.pointers}`))
    this.items.add(node, around, access, {
      name: read.name,
      type: isMethod ? 'method' : 'function',
      body: whole.body,
      isPublic: isOpen ? undefined : false,
      visibility: !isMember && whole.isStatic ? 'static' : undefined,
      parameters: parametersOf(read.parameters, this.shadow.text),
      returnType: last.startsWith('~') || last === owner ? null : type,
      span,
      ...(span === undefined ? {} : { signature: `${whole.head} ${this.slice(declarator)}` }),
    })
  }

  private readVariable(node: ValueNode, declarator: ValueNode, read: Declarator, place: DeclaratorPlace): void {
    const { around, access, span, whole } = place
    const isMember = around.className !== ''
    const isConst = whole.isConstant || (whole.isConst && read.pointers === '')
    const type = isMember ? (whole.isStatic && isConst ? 'const' : 'field') : isConst ? 'const' : 'variable'
    this.items.add(node, around, access, {
      name: read.name,
      type,
      signature: `${whole.head} ${read.pointers}${this.slice(read.name)}${read.after}`,
      body: field(declarator, 'value')?.start ?? whole.value,
      isPublic: !isMember && whole.isStatic && !isConst ? false : undefined,
      visibility: !isMember && whole.isStatic ? 'static' : undefined,
      returnType: null,
      isMember: true,
      span,
    })
  }

  private slice(node: ValueNode): string {
    return this.shadow.text.slice(node.start, node.end)
  }
}

interface DeclaratorPlace {
  readonly around: Around
  readonly access: Access
  /** Its part of a declaration that declares several names. */
  readonly span: NewItem['span']
  readonly whole: WholeDeclaration
}

interface WholeDeclaration {
  readonly isStatic: boolean
  readonly isInline: boolean
  readonly isConstant: boolean
  readonly isConst: boolean
  readonly isDeleted: boolean
  /** All before the first name, the body of a type left out. */
  readonly head: string
  readonly type: string | null
  readonly body: number | undefined
  readonly value: number | undefined
}
