/** `doctown gpu install` on this machine. */
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Console } from '../cli/console.js'
import { gpuInstallCommand, type GpuMachine } from '../cli/gpu-install.js'

/** Files that the script fetches; TensorRT's is not used. */
const FILES = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']

export const runGpuInstallCommand = (console: Console, signal: AbortSignal): Promise<number> =>
  gpuInstallCommand(thisMachine(signal), console)

export const hasNvidiaCard = (): boolean => existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidia0')

/** CUDA's provider files that are not beside ONNX Runtime. */
export const missingCudaFiles = (): string[] =>
  FILES.filter((file) => !existsSync(join(runtimeFolder(), 'bin/napi-v6', process.platform, process.arch, file)))

function thisMachine(signal: AbortSignal): GpuMachine {
  return {
    platform: `${process.platform}/${process.arch}`,
    hasNvidiaCard,
    // `as`: a package's own description.
    runtimeVersion: (JSON.parse(readFileSync(join(runtimeFolder(), 'package.json'), 'utf8')) as { version: string }).version,
    missingFiles: missingCudaFiles,
    fetchFiles: (told) => runInstallScript(told, signal),
    warmUp: async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'gpu-probe.js'), 'cuda'], {
        timeout: 120_000,
      })
      // `as`: gpu-probe.ts writes exactly this.
      const { ok, reason } = JSON.parse(stdout) as { ok: boolean; reason?: string }
      return ok ? null : (reason ?? 'it gave a wrong result')
    },
  }
}

function runInstallScript(told: (line: string) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = 'it said nothing'
    const child = spawn(process.execPath, [join(runtimeFolder(), 'script/install.js'), '--onnxruntime-node-install=cuda12'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (/\S/.test(line)) told((last = line.trim()))
      })
    }
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(last))))
  })
}

const runtimeFolder = (): string => join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '..')
