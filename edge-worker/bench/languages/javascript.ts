import type { LanguageBench } from '../language-bench/language-bench.js'
import { measureScripts } from '../language-bench/script-bench.js'

export const bench: LanguageBench = {
  project: 'axios 1.12.2, commander 14.0.1, express 4.21.2 (npm)',
  judge: 'TypeScript compiler API',
  run: (tools) =>
    measureScripts(
      [
        { modules: 'node', spec: 'axios@1.12.2', without: ['dist', 'index.d.ts', 'index.d.cts'], entries: ['index.js', 'lib/*'] },
        { modules: 'node', spec: 'commander@14.0.1', without: ['typings', 'esm.mjs'], entries: ['index.js'] },
        { modules: 'node', spec: 'express@4.21.2', without: [], entries: ['index.js'] },
      ],
      tools,
    ),
}
