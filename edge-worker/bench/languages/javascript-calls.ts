import ts from 'typescript'
import { compareCalls } from '../language-bench/call-edges.js'
import type { Comparison, LanguageBench } from '../language-bench/language-bench.js'
import { npmPackage } from '../language-bench/npm-package.js'
import { typescriptCalls } from '../language-bench/typescript-calls.js'

const PROJECTS = [
  { spec: 'commander@14.0.1', without: ['typings', 'esm.mjs'], entries: [], modules: 'node' },
  { spec: 'axios@1.12.2', without: ['dist', 'index.d.ts', 'index.d.cts'], entries: [], modules: 'node' },
] as const

/** One package of CommonJS and one of ES modules. */
export const bench: LanguageBench = {
  project: 'commander 14.0.1, axios 1.12.2 (npm)',
  judge: 'the TypeScript compiler',
  run: async ({ folder, build }) => {
    const comparisons: Comparison[] = []
    for (const project of PROJECTS) {
      const root = await npmPackage(project, folder)
      const built = await build(root)
      const { calls, values } = typescriptCalls(root, built, {
        allowJs: true,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
        types: [],
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
      })
      comparisons.push({ ...compareCalls(built, calls, values), what: `${project.spec.replace(/@.*$/, '')} calls` })
    }
    return comparisons
  },
}
