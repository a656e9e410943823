import type { LanguageBench } from '../language-bench/language-bench.js'
import { measureScripts } from '../language-bench/script-bench.js'

export const bench: LanguageBench = {
  project: 'rxjs 7.8.2, zod 4.1.12, immer 10.1.1 (npm)',
  judge: 'TypeScript compiler API',
  run: (tools) =>
    measureScripts(
      [
        {
          modules: 'bundler',
          spec: 'rxjs@7.8.2',
          without: ['dist'],
          entries: [
            'src/index.ts',
            'src/internal/*',
            ...['ajax', 'fetch', 'operators', 'testing', 'webSocket'].map((part) => `src/${part}/index.ts`),
          ],
        },
        {
          modules: 'bundler',
          spec: 'zod@4.1.12',
          without: ['index.cjs', 'index.d.cts', 'index.d.ts', 'index.js', 'v3', 'v4', 'v4-mini', 'mini', 'locales'],
          entries: [
            'v4/locales/*',
            ...['', 'mini/', 'locales/', 'v3/', 'v4/', 'v4-mini/', 'v4/mini/', 'v4/core/', 'v4/locales/'].map((part) => `${part}index.ts`),
          ].map((path) => `src/${path}`),
        },
        { modules: 'bundler', spec: 'immer@10.1.1', without: ['dist'], entries: ['src/immer.ts'] },
      ],
      tools,
    ),
}
