/**
 * What a GPU gives, and whether it gives the same:
 *
 *     npm run bench:gpu -- [--model <sentence-transformers folder>] [--texts N] [--json]
 *
 * Tries CUDA, then WebGPU over Vulkan, then a software Vulkan device (SwiftShader, as Chromium brings it), each in a process of its own, and
 * holds the first that works against the CPU in the same run: vectors, gradient of a training step, tokens and steps a second. Needs Node,
 * ONNX Runtime and the fixture model of the tests, no network. A software adapter is marked: its speed says nothing.
 */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { watchCard } from './gpu/busy-share.js'
import { relativeDistance } from '../src/stages/train/network/relative-distance.js'
import type { ProviderReport } from './gpu/provider-child.js'

const SWIFTSHADER = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/share/vulkan/icd.d/vk_swiftshader_icd.json']
const PROVIDERS = ['cpu', 'cuda', 'webgpu', 'software_webgpu'] as const
type Provider = (typeof PROVIDERS)[number]

const { values: options } = parseArgs({
  options: { model: { type: 'string' }, texts: { type: 'string', default: '512' }, json: { type: 'boolean', default: false } },
})
const folder = options.model ?? join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')
const say = (line: string): void => (options.json ? console.error(line) : console.log(line))

const cpu = await measure('cpu', options.texts)
if (cpu.report === null) throw new Error(`the CPU does not compute: ${cpu.reason}`)
let used: Exclude<Provider, 'cpu'> | null = null
let gpu: { report: ProviderReport; busy: number | null } | null = null
for (const provider of PROVIDERS.filter((each) => each !== 'cpu')) {
  const { report, reason, busy } = await measure(provider, provider === 'software_webgpu' ? '16' : options.texts)
  say(report === null ? `${provider}: not used, ${reason}` : `${provider}: works`)
  if (report === null) continue
  used = provider
  gpu = { report, busy }
  break
}

const figures: Figure[] = PROVIDERS.filter((each) => each !== 'cpu').map((provider) => ({
  id: `ran.${provider}`,
  value: used === provider ? 1 : 0,
  unit: 'yes = 1',
  floor: null,
  ok: true,
}))
const figure = (id: string, value: number, unit: string, floor: number | null): void => {
  figures.push({ id, value, unit, floor, ok: floor === null || (id.includes('at_most') ? value <= floor : value >= floor) })
}
figure('cpu.tokens_per_second', cpu.report.tokensPerSecond, 'tokens/s', null)
figure('cpu.step_ms', cpu.report.stepMilliseconds, 'ms', null)
if (gpu !== null && used !== null) {
  const isHardware = used !== 'software_webgpu'
  const { report, busy } = gpu
  figure(`${used}.gradient_distance_at_most`, relativeDistance(report.gradient, cpu.report.gradient), 'relative L2', 1e-4)
  if (isHardware) {
    figure(`${used}.vector_distance_at_most`, relativeDistance(report.vectors, cpu.report.vectors), 'relative L2', 1e-2)
    figure(`${used}.speed_up_embedding`, report.tokensPerSecond / cpu.report.tokensPerSecond, 'x', null)
    figure(`${used}.speed_up_training`, cpu.report.stepMilliseconds / report.stepMilliseconds, 'x', null)
    if (busy !== null) figure(`${used}.busy_share`, busy, 'share', options.model === undefined ? null : 0.9)
  }
  figure(`${used}.tokens_per_second`, report.tokensPerSecond, 'tokens/s', null)
  figure(`${used}.step_ms`, report.stepMilliseconds, 'ms', null)
  figure(`${used}.model_share`, report.modelShare, 'share', null)
} else {
  say('No GPU provider works here, not even a software one: install libvulkan1 and chromium for that.')
}
printReport({ bench: used === null ? 'gpu-none' : `gpu-${used}`, figures, json: options.json })

async function measure(provider: Provider, texts: string): Promise<{ report: ProviderReport | null; reason: string; busy: number | null }> {
  const icd = provider === 'software_webgpu' ? SWIFTSHADER.find((path) => existsSync(path)) : undefined
  if (provider === 'software_webgpu' && icd === undefined) return { report: null, reason: 'no SwiftShader is installed', busy: null }
  const card = watchCard()
  const child = fork(new URL('./gpu/provider-child.js', import.meta.url), [provider.replace('software_', ''), folder, texts], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, ...(icd === undefined ? {} : { VK_ICD_FILENAMES: icd }) },
  })
  const answer = await new Promise<{ report?: ProviderReport; reason?: string }>((resolve) => {
    const limit = setTimeout(() => resolve({ reason: 'it took longer than three minutes' }), 180_000)
    // `as`: provider-child.ts sends exactly this.
    child.once('message', (message) => resolve(message as { report?: ProviderReport; reason?: string }))
    child.once('exit', (code, signal) => resolve({ reason: `its process ended with ${signal ?? code}` }))
    child.once('exit', () => clearTimeout(limit))
  })
  child.kill('SIGKILL')
  const { report = null, reason = '' } = answer
  return { report, reason, busy: report === null ? card.stop(0, 0) : card.stop(report.embeddingFrom, report.embeddingTo) }
}
