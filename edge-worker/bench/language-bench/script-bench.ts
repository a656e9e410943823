import { join } from 'node:path'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { compare, type BenchTools, type Comparison } from './language-bench.js'
import { npmPackage, type NpmProject } from './npm-package.js'
import { judgePublic } from './script-judge.js'

const KINDS: Readonly<Partial<Record<Symbol['symbol_type'], string>>> = {
  function: 'callable',
  method: 'callable',
  class: 'class',
  interface: 'interface',
  type_alias: 'type',
  enum: 'enum',
  module: 'namespace',
  const: 'value',
  variable: 'value',
  field: 'value',
}

/** Public symbols of some packages, by file, line, kind and name, against the compiler's. */
export async function measureScripts(projects: readonly NpmProject[], { folder, build }: BenchTools): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const project of projects) {
    const root = await npmPackage(project, folder)
    const built = await build(root)
    const ours = built.symbols
      .filter((symbol) => symbol.is_public_api)
      .map(({ file, line, symbol_type: type, name }) => `${file}:${line} ${KINDS[type] ?? type} ${name}`)
    const files = built.files
      .filter(({ language }) => language === 'TypeScript' || language === 'JavaScript')
      .map(({ file }) => join(root, file))
    const entries = project.entries.flatMap((entry) => {
      const path = join(root, entry)
      return path.endsWith('*') ? files.filter((file) => file.startsWith(path.slice(0, -1))) : [path]
    })
    const judges = judgePublic(root, files, entries, project.modules)
    comparisons.push(compare(`${project.spec.replace(/@[^@]*$/, '')} public symbols`, ours, judges))
  }
  return comparisons
}
