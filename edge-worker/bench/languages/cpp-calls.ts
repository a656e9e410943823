import { clangCalls } from '../language-bench/clang-calls.js'
import type { LanguageBench } from '../language-bench/language-bench.js'

export const bench: LanguageBench = {
  project: 'Jsonnet, from jsonnet 0.20.0 (PyPI, source archive)',
  judge: 'clang',
  run: (tools) =>
    clangCalls(tools, {
      archive: 'jsonnet==0.20.0',
      language: 'c++',
      parts: ['include', 'core', 'third_party/json', 'third_party/md5'],
      includes: ['include', 'core', 'third_party/json', 'third_party/md5'],
    }),
}
