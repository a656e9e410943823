import type { StageContext } from '../../src/pipeline/stage.js'

/** A stage's surroundings for a test: says nothing, is never aborted unless a signal is given. */
export function stageContext<Ports>(
  ports: Ports,
  options: { readonly seed?: number; readonly signal?: AbortSignal } = {},
): StageContext<Ports> {
  return {
    ports,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    signal: options.signal ?? new AbortController().signal,
    progress: () => {},
    seed: options.seed ?? 1,
    tempDir: '',
  }
}
