import { env, InferenceSession } from 'onnxruntime-node'
import type { StructureOptions, TrainingProvider } from '../structure-model.js'

/** A session of exactly one provider: with two, a missing one throws instead of falling back (dependencies.md, section 6). */
export function openSession(
  model: Uint8Array,
  { provider, threads }: { readonly provider: TrainingProvider; readonly threads: StructureOptions['threads'] },
): Promise<InferenceSession> {
  env.logLevel = 'fatal' // a provider that is not there is no error, and is told in `refused`
  return InferenceSession.create(model, {
    executionProviders: [provider],
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  })
}
