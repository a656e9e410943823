import { clangCalls } from '../language-bench/clang-calls.js'
import type { LanguageBench } from '../language-bench/language-bench.js'

export const bench: LanguageBench = {
  project: 'Jsonnet, from jsonnet 0.20.0 (PyPI, source archive)',
  judge: 'clang',
  run: (tools) =>
    clangCalls(tools, {
      archive: 'jsonnet==0.20.0',
      language: 'c++',
      parts: ['include', 'core', 'third_party/md5'],
      includes: ['include', 'core', 'third_party/md5'],
      // Read by clang alone, which tells nothing of what stands in templates.
      libraries: ['third_party/json', 'third_party/rapidyaml/rapidyaml/src', 'third_party/rapidyaml/rapidyaml/ext/c4core/src'],
    }),
}
