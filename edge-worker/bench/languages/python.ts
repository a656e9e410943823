import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareSymbols, type JudgedSymbol } from '../language-bench/judged-symbols.js'
import { missing, type Comparison, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool, runTool } from '../language-bench/run-tool.js'

/** Packages that import without others, so that `inspect` can look at them. */
const PROJECTS = [
  { name: 'click', version: '8.2.1', module: 'click' },
  { name: 'attrs', version: '25.3.0', module: 'attr' },
  { name: 'sqlparse', version: '0.5.3', module: 'sqlparse' },
  { name: 'networkx', version: '3.4.2', module: 'networkx' },
]
const JUDGE = join(repositoryRoot(), 'edge-worker/bench/language-bench/python_judge.py')

export const bench: LanguageBench = {
  project: `${PROJECTS.map(({ name, version }) => `${name} ${version}`).join(', ')} (PyPI)`,
  judge: "Python's import, inspect and ast",
  async run({ folder, build }) {
    if (!hasTool('python3', ['-m', 'pip', '--version'])) return [missing('public symbols', 'python3 with pip is not installed.')]
    const comparisons: Comparison[] = []
    for (const { name, version, module } of PROJECTS) {
      const wheels = join(folder, `${name}-wheel`)
      const source = join(folder, name)
      for (const made of [wheels, source]) mkdirSync(made)
      runTool(
        'python3',
        ['-m', 'pip', 'download', '-q', '--no-deps', '--only-binary', ':all:', '-d', wheels, `${name}==${version}`],
        folder,
      )
      const [wheel = ''] = readdirSync(wheels)
      runTool('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), source], folder)
      const { symbols } = await build(source)
      // `as`: the judge is ours, and prints this shape.
      const judged = JSON.parse(runTool('python3', ['-B', JUDGE, source, module], folder)) as JudgedSymbol[]
      const inside = symbols.filter(
        ({ language, is_public_api, file }) => language === 'Python' && is_public_api && file.startsWith(`${module}/`),
      )
      comparisons.push(compareSymbols(`${name} public symbols`, inside, judged, kindOf))
    }
    return comparisons
  },
}

function kindOf({ symbol_type, signature }: Symbol): string {
  if (symbol_type === 'function' || symbol_type === 'method') return 'function'
  // A class that a call makes is a variable for the syntax.
  return symbol_type === 'class' && signature.startsWith('class') ? 'class' : 'value'
}
