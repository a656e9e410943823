import { createRandom } from '@doctown/common/runtime/random.js'
import type { StructureOptions, TrainingProvider } from '../structure-model.js'
import { probeStep } from './probe-step.js'
import { relativeDistance } from './relative-distance.js'

/** How far a gradient may lie from the CPU's, as relative L2 (graph-training.md, section 8). */
const AGREEMENT = 1e-4

/**
 * The first provider that opens, gives the CPU's gradient and is no slower than it: a software adapter passes as WebGPU and takes a
 * hundred times as long (graph-training.md, section 8). The CPU needs no proof.
 */
export async function chooseProvider({
  providers,
  threads,
}: Pick<StructureOptions, 'providers' | 'threads'>): Promise<{ provider: TrainingProvider; refused: string[] }> {
  const refused: string[] = []
  for (const provider of providers) {
    if (provider === 'cpu') return { provider, refused }
    try {
      const ours = await probeStep({ provider, threads, random: createRandom(1) })
      const cpu = await probeStep({ provider: 'cpu', threads, random: createRandom(1) })
      const apart = relativeDistance(ours.gradient, cpu.gradient)
      if (apart > AGREEMENT) throw new Error(`its gradient lies ${apart.toExponential(1)} from the CPU's`)
      if (ours.milliseconds > cpu.milliseconds) {
        throw new Error(`a step takes ${ours.milliseconds.toFixed(0)} ms, on the CPU ${cpu.milliseconds.toFixed(0)} ms`)
      }
      return { provider, refused }
    } catch (error) {
      refused.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { provider: 'cpu', refused }
}
