import { clangCalls } from '../language-bench/clang-calls.js'
import type { LanguageBench } from '../language-bench/language-bench.js'

export const bench: LanguageBench = {
  project: 'hiredis, from hiredis 3.0.0 (PyPI, source archive)',
  judge: 'clang',
  run: (tools) => clangCalls(tools, { archive: 'hiredis==3.0.0', language: 'c', parts: ['vendor/hiredis'], includes: ['vendor/hiredis'] }),
}
