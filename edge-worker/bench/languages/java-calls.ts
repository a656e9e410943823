import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareCalls } from '../language-bench/call-edges.js'
import { readJudgedUses } from '../language-bench/judged-places.js'
import { missing, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool, runTool } from '../language-bench/run-tool.js'

const PROJECT = 'com.google.code.gson:gson:2.11.0'
const JUDGE = 'edge-worker/bench/language-bench/JavaCalls.java'

export const bench: LanguageBench = {
  project: `${PROJECT} (Maven Central)`,
  judge: 'javac',
  run: async ({ folder, build }) => {
    if (!hasTool('javac', ['-version'])) return [missing('calls', 'There is no JDK here.')]
    if (!hasTool('mvn')) return [missing('calls', 'mvn is not installed; install Maven to fetch the project.')]
    const project = join(folder, 'project')
    mkdirSync(project)
    runTool('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${PROJECT}:jar:sources`, `-DoutputDirectory=${folder}`], folder)
    runTool('jar', ['xf', join(folder, 'gson-2.11.0-sources.jar')], project)
    const built = await build(project)
    const files = built.files.map(({ file }) => file).filter((file) => file.endsWith('.java') && !file.endsWith('module-info.java'))
    const lines = runTool('java', [join(repositoryRoot(), JUDGE), project, ...files], folder)
    const { calls, values } = readJudgedUses(built, lines)
    return [compareCalls(built, calls, values, { eachOverload: true })]
  },
}
