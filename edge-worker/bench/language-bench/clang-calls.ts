import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareCalls } from './call-edges.js'
import { readJudgedUses } from './judged-places.js'
import { missing, type BenchTools, type Comparison } from './language-bench.js'
import { hasTool, runTool } from './run-tool.js'

export interface ClangProject {
  /** A source archive of PyPI that has the C or C++ of what it wraps. */
  readonly archive: string
  readonly language: 'c' | 'c++'
  /** The folders of the archive that are read. */
  readonly parts: readonly string[]
  /** Folders of those parts from which it includes. */
  readonly includes: readonly string[]
  /** Folders of the archive that clang alone sees: libraries that it includes and that are no part of it. */
  readonly libraries?: readonly string[]
}

/** Call edges of C and C++ sources against clang, which comes from PyPI with its own standard headers left out: the system's are used. */
export async function clangCalls(
  { folder, build }: BenchTools,
  { archive, language, parts, includes, libraries = [] }: ClangProject,
): Promise<readonly Comparison[]> {
  if (!hasTool('python3', ['-m', 'pip', '--version'])) return [missing('calls', 'There is no pip here.')]
  if (!hasTool('gcc')) return [missing('calls', 'There is no gcc here, whose headers clang reads.')]
  runTool('python3', ['-m', 'pip', 'install', '-q', '--target', join(folder, 'tools'), 'libclang==18.1.1'], folder)
  runTool('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', archive], folder)
  runTool('tar', ['xzf', readdirSync(folder).find((file) => file.endsWith('.tar.gz')) ?? ''], folder)
  const top = readdirSync(folder).find((file) => file === archive.replace('==', '-')) ?? ''
  const project = join(folder, 'project')
  for (const part of parts) cpSync(join(folder, top, part), join(project, part), { recursive: true })
  const built = await build(project)
  cpSync(join(repositoryRoot(), 'edge-worker/bench/language-bench/c_calls.py'), join(folder, 'tools', 'judge.py'))
  const isSource = language === 'c' ? /\.c$/ : /\.(?:cc|cpp|cxx)$/
  const files = built.files.map(({ file }) => file).filter((file) => isSource.test(file))
  const system = runTool('gcc', ['-print-file-name=include'], folder).trim()
  const flags = [
    ...includes.map((each) => `-I${join(project, each)}`),
    ...libraries.map((each) => `-I${join(folder, top, each)}`),
    `-isystem${system}`,
  ]
  const lines = runTool('python3', [join(folder, 'tools', 'judge.py'), project, language, ...flags, '--', ...files], folder)
  const { calls, values, seen } = readJudgedUses(built, lines)
  return [compareCalls(built, calls, values, { seen })]
}
