import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { languagesByEnding, manifestNames, packageFactsByLanguage } from '../../src/languages/languages.js'
import { graphStage } from '../../src/stages/graph/stage.js'
import { parseStage } from '../../src/stages/parse/stage.js'
import { stageContext } from '../../test/stages/context.js'
import type { BuiltProject } from './language-bench.js'

/** Parses a folder and makes its graph, as a build does, without fetching, embedding or writing. */
export async function buildProject(folder: string): Promise<BuiltProject> {
  const byEnding = languagesByEnding()
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !/(^|\/)(\.git|node_modules)\//.test(path) && statSync(join(folder, path)).isFile())
    .sort()
  const read = (path: string, language: string | null): SourceFile => ({ path, language, text: readFileSync(join(folder, path), 'utf8') })
  const files = paths.flatMap((path) => {
    const language = byEnding[extname(path)]
    return language === undefined ? [] : [read(path, language)]
  })
  const names = new Set(manifestNames())
  const manifests = paths.filter((path) => names.has(path.slice(path.lastIndexOf('/') + 1))).map((path) => read(path, null))
  const parsed: BuiltProject['files'][number][] = []
  for await (const item of await parseStage.run({ files, manifests }, stageContext({ parallel: 2 }))) {
    if (item.kind === 'parsed') parsed.push(item.parsed)
    else console.warn(`${relative(folder, join(folder, item.skipped.file))} was skipped: ${item.skipped.reason}`)
  }
  const output = await graphStage.run({ files: parsed, packages: packageFactsByLanguage(manifests) }, stageContext({}))
  return { ...output, files: parsed }
}
