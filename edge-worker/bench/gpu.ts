/**
 * What a GPU gives, and whether it gives the same:
 *
 *     npm run bench:gpu -- [--model <sentence-transformers folder>] [--seconds N] [--json]
 *     npm run bench:gpu -- --pack DIR [--with-node]      a folder that runs it on another machine, without network
 *
 * Tries CUDA, then WebGPU over Vulkan, then a software Vulkan device (SwiftShader, as Chromium brings it), each in a process of its own, and
 * holds the first that works against the CPU in the same run: vectors, gradient of a training step, tokens and steps a second, and how busy
 * the card is while the embed stage runs. Needs Node, ONNX Runtime and the fixture's tokenizer; the model is one of MiniLM's shape with
 * random weights, made on the spot, unless --model names a real one. A software adapter is marked: its speed says nothing.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { relativeDistance } from '../src/stages/train/network/relative-distance.js'
import { cardName, watchCard, type BusyShare } from './gpu/busy-share.js'
import { writeFixtureModel } from './gpu/fixture-model.js'
import { packBench } from './gpu/pack.js'
import type { FromProviderChild, ProviderReport, ProviderTask } from './gpu/provider-child.js'
import type { FromStageChild, StageReport } from './gpu/stage-child.js'
import { hasNvidiaCard, vulkanTries } from './gpu/vulkan.js'

const options = benchOptions({
  bench: import.meta.url,
  options: {
    model: { type: 'string' },
    seconds: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    pack: { type: 'string' },
    'with-node': { type: 'boolean', default: false },
  },
})
const TINY = join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')

if (options.pack === undefined) await bench()
else await packBench(options.pack, { withNode: options['with-node'], say: console.log })

interface Ran {
  readonly name: 'cuda' | 'webgpu' | 'software_webgpu'
  readonly env: Readonly<Record<string, string>>
  readonly report: ProviderReport
  /** The CPU's answers to the same questions. */
  readonly cpu: ProviderReport
}

async function bench(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'doctown-gpu-'))
  const notes: string[] = []
  const say = (line: string): void => {
    notes.push(line)
    if (options.json) console.error(line)
    else console.log(line)
  }
  try {
    say(`card: ${cardName() ?? (hasNvidiaCard() ? 'an NVIDIA card, and no nvidia-smi' : 'no NVIDIA card is here')}`)
    const folder = options.model ?? join(scratch, 'model')
    if (options.model === undefined) await writeFixtureModel(folder, TINY)
    const figures = await measure({ folder, scratch, say })
    printReport({ bench: `gpu-${figures.ran?.name ?? 'none'}`, figures: figures.list, json: options.json, notes })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Bench {
  readonly folder: string
  readonly scratch: string
  readonly say: (line: string) => void
}

async function measure(bench: Bench): Promise<{ ran: Ran | null; list: Figure[] }> {
  const cores = availableParallelism()
  const seconds = Number(options.seconds)
  const one = await onCpu({ folder: bench.folder, threads: 1, seconds: Math.min(3, seconds) })
  const all = cores === 1 ? one : await onCpu({ folder: bench.folder, threads: cores, seconds: Math.min(3, seconds) })
  // More cores may be slower where others use them too.
  const best = Math.max(one.tokensPerSecond, all.tokensPerSecond)
  const ran = await firstThatWorks(bench, { seconds, cpu: one })

  const list: Figure[] = []
  const figure = (id: string, value: number, unit: string, floor: number | null = null): void =>
    void list.push({ id, value, unit, floor, ok: floor === null || (id.includes('at_most') ? value <= floor : value >= floor) })
  for (const name of ['cuda', 'webgpu', 'software_webgpu']) figure(`ran.${name}`, ran?.name === name ? 1 : 0, 'yes = 1')
  figure('cpu.cores', cores, 'cores')
  figure('cpu.one_core_tokens_per_second', one.tokensPerSecond, 'tokens/s')
  figure('cpu.tokens_per_second', best, 'tokens/s')
  figure('cpu.step_ms', Math.min(one.stepMs, all.stepMs), 'ms')
  if (ran === null) {
    bench.say('No GPU provider works here, not even a software one: install libvulkan1 and chromium for that.')
    return { ran, list }
  }
  const { name, report } = ran
  figure(`${name}.gradient_distance_at_most`, relativeDistance(report.gradient, ran.cpu.gradient), 'relative L2', 1e-4)
  figure(`${name}.vector_distance_at_most`, relativeDistance(report.vectors, ran.cpu.vectors), 'relative L2', 1e-3)
  figure(`${name}.tokens_per_second`, report.tokensPerSecond, 'tokens/s')
  figure(`${name}.open_ms`, report.openMs, 'ms')
  figure(`${name}.first_batch_ms`, report.firstBatchMs, 'ms')
  figure(`${name}.batch_ms`, report.batchMs, 'ms')
  figure(`${name}.batch_tokens`, report.batchTokens, 'tokens')
  figure(`${name}.model_share`, report.modelShare, 'share')
  figure(`${name}.step_ms`, report.stepMs, 'ms')
  if (name === 'software_webgpu') return { ran, list }
  figure(`${name}.speed_up_embedding`, report.tokensPerSecond / best, 'x')
  figure(`${name}.speed_up_embedding_over_one_core`, report.tokensPerSecond / one.tokensPerSecond, 'x')
  figure(`${name}.speed_up_training`, Math.min(one.stepMs, all.stepMs) / report.stepMs, 'x')
  const stage = await throughStage(ran, bench, seconds)
  if (stage === null) return { ran, list }
  figure(`${name}.stage_tokens_per_second`, stage.tokensPerSecond, 'tokens/s')
  figure(`${name}.stage_speed_up`, stage.tokensPerSecond / best, 'x')
  if (stage.busy.share !== null) figure(`${name}.busy_share`, stage.busy.share, 'share', 0.9)
  bench.say(`busy share: ${stage.busy.share === null ? 'not known, ' : ''}${stage.busy.reason}`)
  return { ran, list }
}

async function firstThatWorks(
  { folder, scratch, say }: Bench,
  { seconds, cpu }: { seconds: number; cpu: ProviderReport },
): Promise<Ran | null> {
  for (const { how, env, isSoftware, provider } of [
    { provider: 'cuda' as const, how: "ONNX Runtime's CUDA files", env: {}, isSoftware: false },
    ...vulkanTries(join(repositoryRoot(), 'vulkan'), scratch).map((each) => ({ provider: 'webgpu' as const, ...each })),
  ]) {
    // Software takes half a minute for a batch of the large model.
    const asked = isSoftware ? TINY : folder
    const answer = await onProvider({ provider, folder: asked, threads: 1, seconds, isSoftware }, env)
    if ('reason' in answer) {
      say(`${provider}: not used, by ${how}: ${answer.reason}`)
      continue
    }
    const name = isSoftware ? 'software_webgpu' : provider
    say(`${name}: used, by ${how}${isSoftware ? '; a software adapter and the tiny model of the tests, so its speed says nothing' : ''}`)
    return { name, env, report: answer.report, cpu: isSoftware ? await onCpu({ folder: TINY, threads: 1, seconds: 0 }) : cpu }
  }
  return null
}

/** The stage as a worker would run it, with the card watched meanwhile; `null` where it does not take the GPU. */
async function throughStage(ran: Ran, { folder, say }: Bench, seconds: number): Promise<(StageReport & { busy: BusyShare }) | null> {
  const card = watchCard()
  const answer = await child<FromStageChild>('./gpu/stage-child.js', [folder, String(Math.max(4, seconds))], ran.env)
  if ('reason' in answer) {
    card.stop(0, 0)
    say(`embed stage: it does not take the GPU, ${answer.reason}`)
    return null
  }
  const { provider, refused, from, to } = answer.report
  for (const each of refused) say(`embed stage: ${each.provider} refused, ${each.reason}`)
  say(`embed stage: ran on ${provider}`)
  return { ...answer.report, busy: card.stop(from, to) }
}

function onProvider(task: ProviderTask, env: Readonly<Record<string, string>>): Promise<FromProviderChild> {
  return child<FromProviderChild>('./gpu/provider-child.js', [JSON.stringify(task)], env)
}

async function onCpu(task: Pick<ProviderTask, 'folder' | 'threads' | 'seconds'>): Promise<ProviderReport> {
  const answer = await onProvider({ ...task, provider: 'cpu', isSoftware: false }, {})
  if ('reason' in answer) throw new Error(`the CPU does not compute: ${answer.reason}`)
  return answer.report
}

/** What the child sends first, or how it ended without a word. */
async function child<T extends object>(
  file: string,
  args: string[],
  env: Readonly<Record<string, string>>,
): Promise<T | { reason: string }> {
  const process_ = fork(new URL(file, import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // As bin/models.ts sets it: numbers of 19 bits would not give the CPU's gradient.
    env: { NVIDIA_TF32_OVERRIDE: '0', ...process.env, ...env },
  })
  let told = ''
  process_.stderr?.on('data', (piece: Buffer) => (told = (told + piece.toString()).slice(-2000)))
  const answer = await new Promise<T | { reason: string }>((resolve) => {
    const limit = setTimeout(() => resolve({ reason: 'it took longer than three minutes' }), 180_000)
    process_.once('error', (error) => resolve({ reason: error.message }))
    // `as`: the file named sends exactly this.
    process_.once('message', (message) => resolve(message as T))
    process_.once('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ reason: `its process ended with ${signal ?? code}: ${told.trim().split('\n').at(-1) ?? ''}` })
    })
  })
  process_.kill('SIGKILL')
  return answer
}
