import { relative, sep } from 'node:path'
import ts from 'typescript'

/**
 * What the TypeScript compiler says users of a package can reach: of each entry file the exports, wherever they are declared,
 * with the members of classes, interfaces, namespaces and objects. One line a declaration: `src/a.ts:12 callable open`.
 */
export function judgePublic(
  folder: string,
  files: readonly string[],
  entries: readonly string[],
  modules: 'node' | 'bundler',
): Set<string> {
  const program = ts.createProgram([...files], {
    allowJs: true,
    noLib: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    ...(modules === 'node'
      ? { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }
      : { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }),
    jsx: ts.JsxEmit.Preserve,
    allowImportingTsExtensions: true,
    noEmit: true,
  })
  const judge = new Judge(program, folder)
  for (const entry of entries) judge.file(entry)
  return judge.found
}

class Judge {
  readonly found = new Set<string>()
  private readonly seen = new Set<ts.Symbol>()
  private readonly modules = new Set<ts.Symbol>()
  private readonly checker: ts.TypeChecker

  constructor(
    private readonly program: ts.Program,
    private readonly folder: string,
  ) {
    this.checker = program.getTypeChecker()
  }

  file(entry: string): void {
    const source = this.program.getSourceFile(entry)
    if (source === undefined) throw new Error(`The compiler has no file ${entry}.`)
    const module = this.checker.getSymbolAtLocation(source)
    if (module !== undefined) this.exports(module)
  }

  private exports(module: ts.Symbol): void {
    if (this.modules.has(module)) return
    this.modules.add(module)
    // What `module.exports = f` hands out is the module itself.
    const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals)
    for (const symbol of [...(whole === undefined ? [] : [whole]), ...this.checker.getExportsOfModule(module)]) this.symbol(symbol)
  }

  private symbol(exported: ts.Symbol): void {
    const aliased = exported.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported
    // What comes out of a package that is not here has no declaration but this one.
    const symbol = aliased.declarations === undefined ? exported : aliased
    if (this.seen.has(symbol)) return
    this.seen.add(symbol)
    const declarations = symbol.declarations ?? []
    // A field that JavaScript declares by assigning is assigned in many places; the first one is its declaration.
    const assignments = declarations.filter(isThisAssignment)
    for (const each of declarations) if (!assignments.includes(each) || each === assignments[0]) this.declaration(symbol, each)
    if (!declarations.every(isHidden)) this.members(symbol)
  }

  private members(symbol: ts.Symbol): void {
    for (const table of [symbol.members, symbol.exports]) {
      for (const member of table?.values() ?? []) {
        if (member.flags & (ts.SymbolFlags.TypeParameter | ts.SymbolFlags.Prototype)) continue
        this.symbol(member)
      }
    }
  }

  private declaration(symbol: ts.Symbol, declaration: ts.Declaration): void {
    if (ts.isSourceFile(declaration)) return this.exports(symbol)
    const at = variableAround(declaration) ?? aliasOf(declaration)
    if (at !== null) {
      const target = this.checker.getSymbolAtLocation(at)
      const local = ts.isShorthandPropertyAssignment(declaration) ? this.checker.getShorthandAssignmentValueSymbol(declaration) : target
      if (local !== undefined) this.symbol(local)
      return
    }
    const seen = shownAs(declaration)
    if (seen === null || isHidden(declaration)) return
    const source = declaration.getSourceFile()
    const file = relative(this.folder, source.fileName).split(sep).join('/')
    if (file.startsWith('..')) return
    const name = nameOf(declaration)
    const line = source.getLineAndCharacterOfPosition(startOf(declaration)).line + 1
    this.found.add(`${file}:${line} ${seen} ${name}`)
    const value = valueOf(declaration)
    const isField = ts.isPropertyDeclaration(declaration) || isThisAssignment(declaration)
    if (value !== undefined && ts.isObjectLiteralExpression(value) && !isField) this.objectMembers(value)
    if (value !== undefined && ts.isClassExpression(value)) {
      const own = this.checker.getSymbolAtLocation(value) ?? (value as { readonly symbol?: ts.Symbol }).symbol
      if (own !== undefined) this.members(own)
    }
  }

  /** Functions and accessors of an exported object. */
  private objectMembers(object: ts.ObjectLiteralExpression): void {
    for (const property of object.properties) {
      const symbol = property.name === undefined ? undefined : this.checker.getSymbolAtLocation(property.name)
      const isCallable = shownAs(property) === 'callable'
      if (symbol !== undefined && isCallable) this.declaration(symbol, property)
    }
  }
}

/** The name that an export or property stands for, where it is no declaration of its own. */
function aliasOf(declaration: ts.Declaration): ts.Node | null {
  if (ts.isShorthandPropertyAssignment(declaration)) return declaration.name
  if (ts.isExportAssignment(declaration) && ts.isIdentifier(declaration.expression)) return declaration.expression
  if (isThisAssignment(declaration)) return null
  const value = ts.isPropertyAssignment(declaration) ? declaration.initializer : assigned(declaration)
  if (value === undefined) return null
  return ts.isIdentifier(value) && value.text !== 'undefined' ? value : requiredName(value)
}

/** The `app` of `var app = module.exports = {}`. */
function variableAround(declaration: ts.Declaration): ts.Node | null {
  let at: ts.Node = declaration
  while (ts.isBinaryExpression(at.parent) || (ts.isPropertyAccessExpression(at) && ts.isBinaryExpression(at.parent))) at = at.parent
  return ts.isBinaryExpression(at) && ts.isVariableDeclaration(at.parent) ? at.parent.name : null
}

/** The `'x'` of `require('x')`. */
function requiredName(value: ts.Expression): ts.Node | null {
  if (!ts.isCallExpression(value) || !ts.isIdentifier(value.expression) || value.expression.text !== 'require') return null
  return value.arguments[0] ?? null
}

/** `this.path = path` */
function isThisAssignment(declaration: ts.Declaration): boolean {
  const left: ts.Node = ts.isBinaryExpression(declaration) ? declaration.left : declaration
  return ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword
}

/** The value at the end of `a = exports.b = value`, for what JavaScript declares by assigning. */
function assigned(declaration: ts.Declaration): ts.Expression | undefined {
  const start: ts.Node = ts.isBinaryExpression(declaration) ? declaration : declaration.parent
  if (!ts.isBinaryExpression(start) || start.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  return endOf(start)
}

function endOf(expression: ts.Expression): ts.Expression {
  let value = expression
  for (;;) {
    if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken) value = value.right
    else if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) value = value.expression
    else return value
  }
}

function valueOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
    return declaration.initializer === undefined ? undefined : endOf(declaration.initializer)
  }
  return ts.isExportAssignment(declaration) ? endOf(declaration.expression) : assigned(declaration)
}

function shownAs(declaration: ts.Node): string | null {
  switch (declaration.kind) {
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.MethodSignature:
    case ts.SyntaxKind.Constructor:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor:
      return 'callable'
    case ts.SyntaxKind.ClassDeclaration:
      return 'class'
    case ts.SyntaxKind.InterfaceDeclaration:
      return 'interface'
    case ts.SyntaxKind.TypeAliasDeclaration:
      return 'type'
    case ts.SyntaxKind.EnumDeclaration:
      return 'enum'
    case ts.SyntaxKind.ModuleDeclaration:
      return 'namespace'
    case ts.SyntaxKind.PropertySignature:
      return 'value'
    case ts.SyntaxKind.BindingElement:
      return 'value'
    case ts.SyntaxKind.Parameter:
      return 'value'
    case ts.SyntaxKind.VariableDeclaration:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.PropertyAssignment:
    case ts.SyntaxKind.ExportAssignment:
    case ts.SyntaxKind.BinaryExpression:
    case ts.SyntaxKind.PropertyAccessExpression:
      return shownAsValue(valueOf(declaration as ts.Declaration))
    default:
      return null
  }
}

function shownAsValue(value: ts.Expression | undefined): string {
  if (value === undefined) return 'value'
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? 'callable' : ts.isClassExpression(value) ? 'class' : 'value'
}

const HIDING = new Set(['internal', 'private', 'hidden', 'ignore'])

function isHidden(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration)
  if (name !== undefined && ts.isPrivateIdentifier(name)) return true
  if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) return true
  return ts.getJSDocTags(declaration).some((tag) => HIDING.has(tag.tagName.text))
}

function nameOf(declaration: ts.Declaration): string {
  if (ts.isConstructorDeclaration(declaration)) return 'constructor'
  const name = ts.getNameOfDeclaration(declaration)
  if (name === undefined) {
    const value = valueOf(declaration)
    const own = value !== undefined && (ts.isFunctionExpression(value) || ts.isClassExpression(value)) ? value.name : undefined
    return own?.text ?? 'default'
  }
  if (ts.isStringLiteral(name)) return name.text
  return ts.isPropertyAccessExpression(name) ? name.name.text : name.getText()
}

/** Where the declaration's own words begin: a statement's for its first variable, behind decorators. */
function startOf(declaration: ts.Declaration): number {
  if (ts.isVariableDeclaration(declaration) && ts.isVariableDeclarationList(declaration.parent)) {
    return declaration.parent.declarations[0] === declaration ? declaration.parent.parent.getStart() : declaration.getStart()
  }
  const modifiers = ts.canHaveModifiers(declaration) ? (ts.getModifiers(declaration) ?? []) : []
  const hasDecorators = ts.canHaveDecorators(declaration) && (ts.getDecorators(declaration) ?? []).length > 0
  if (!hasDecorators) return declaration.getStart()
  return (modifiers[0] ?? ts.getNameOfDeclaration(declaration) ?? declaration).getStart()
}
