import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { symbolsAt, type JudgedCall } from './call-edges.js'
import type { BuiltProject } from './language-bench.js'

/** Who calls and who names what, by the TypeScript compiler: calls and `new` by their resolved signatures, other names by their declarations. */
export function typescriptCalls(
  folder: string,
  built: BuiltProject,
  options: ts.CompilerOptions,
): { calls: JudgedCall[]; values: JudgedCall[] } {
  const names = built.files.map(({ file }) => join(folder, file)).filter((file) => /\.[mc]?[jt]sx?$/.test(file))
  const program = ts.createProgram(names, { noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, ...options })
  const checker = program.getTypeChecker()
  const at = symbolsAt(built)
  const ours = new Set(names.map((name) => relative(folder, name).split(sep).join('/')))
  const calls: JudgedCall[] = []
  const values: JudgedCall[] = []
  const placeOf = (node: ts.Node): string | null => {
    const file = relative(folder, node.getSourceFile().fileName).split(sep).join('/')
    return ours.has(file) ? at(file, node.getStart()) : null
  }
  const add = (list: JudgedCall[], node: ts.Node, declaration: ts.Node | undefined): void => {
    const from = placeOf(node)
    const to = declaration === undefined ? null : placeOf(declaration)
    if (from !== null && to !== null) list.push({ from, to })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) add(calls, node, checker.getResolvedSignature(node)?.declaration)
    if (ts.isIdentifier(node)) {
      // `{ open }` names a property and a value; the value is what is handed over.
      let symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node)
      if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol)
      for (const declaration of symbol?.declarations ?? [])
        if (ts.isFunctionLike(declaration) || ts.isVariableDeclaration(declaration)) add(values, node, declaration)
    }
    ts.forEachChild(node, visit)
  }
  for (const file of program.getSourceFiles()) if (ours.has(relative(folder, file.fileName).split(sep).join('/'))) visit(file)
  return { calls, values }
}
