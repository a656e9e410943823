import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { javapNames, readSources } from '../language-bench/javap.js'
import { compare, missing, type Comparison, type LanguageBench } from '../language-bench/language-bench.js'
import { counted, hasTool, runTool } from '../language-bench/run-tool.js'

const PROJECTS = ['com.google.code.gson:gson:2.11.0', 'org.apache.commons:commons-lang3:3.14.0']

export const bench: LanguageBench = {
  project: `${PROJECTS.join(', ')} (Maven Central)`,
  judge: 'javap -protected',
  async run({ folder, build }) {
    if (!hasTool('javap', ['-version'])) return [missing('public symbols', 'javap is not installed; install a JDK.')]
    if (!hasTool('mvn')) return [missing('public symbols', 'mvn is not installed; install Maven to fetch the project.')]
    const comparisons: Comparison[] = []
    for (const project of PROJECTS) {
      const [, artifact = '', version = ''] = project.split(':')
      const source = join(folder, artifact)
      const jars = join(folder, `${artifact}-jars`)
      for (const made of [source, jars]) mkdirSync(made)
      for (const kind of ['jar', 'jar:sources']) {
        runTool('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${project}:${kind}`, `-DoutputDirectory=${jars}`], folder)
      }
      const jar = join(jars, `${artifact}-${version}.jar`)
      runTool('jar', ['xf', join(jars, `${artifact}-${version}-sources.jar`)], source)
      const built = await build(source)
      const classes = runTool('jar', ['tf', jar], folder)
        .split('\n')
        .filter((entry) => entry.endsWith('.class') && !/^META-INF|(?:package|module)-info/.test(entry))
        .map((entry) => entry.slice(0, -'.class'.length).replaceAll('/', '.'))
      const sources = readSources(
        source,
        built.files.map(({ file }) => file),
      )
      comparisons.push(compare(`${artifact} public symbols`, counted(ourNames(built.symbols)), counted(javapNames(jar, classes, sources))))
    }
    return comparisons
  },
}

function ourNames(symbols: readonly Symbol[]): string[] {
  return symbols.flatMap((symbol) => {
    if (!symbol.is_public_api || symbol.language !== 'Java' || symbol.symbol_type === 'module') return []
    if (['class', 'interface', 'enum'].includes(symbol.symbol_type)) return [`class ${symbol.path}`]
    const owner = symbol.path.slice(0, symbol.path.lastIndexOf('.'))
    if (symbol.symbol_type !== 'method') return [`field ${symbol.path}`]
    if (owner.slice(owner.lastIndexOf('.') + 1) === symbol.name) return [`new ${owner}`]
    return [`method ${symbol.path}(${symbol.parameters.length})`]
  })
}
