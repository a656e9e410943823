import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Console } from './console.js'

/** What `doctown gpu install` needs of this machine; bin/ supplies it. */
export interface GpuMachine {
  /** `linux/x64`. */
  readonly platform: string
  readonly hasNvidiaCard: () => boolean
  /** Version of onnxruntime-node, and which of CUDA's provider files are missing beside it. */
  readonly runtimeVersion: string
  readonly missingFiles: () => string[]
  /** Runs the package's own install script for CUDA 12, its lines to `told`. Rejects with its last line. */
  readonly fetchFiles: (told: (line: string) => void) => Promise<void>
  /** `null` when CUDA computes, else why it does not. */
  readonly warmUp: () => Promise<string | null>
}

/**
 * Fetches ONNX Runtime's CUDA provider files by the package's own script, which our installation skips because it takes 300 MB on every
 * machine (dependencies.md, section 3), and proves that CUDA computes. Throws `gpu_unavailable` or `download_failed`. Gives the exit code.
 */
export async function gpuInstallCommand(machine: GpuMachine, console: Console): Promise<number> {
  const { platform, runtimeVersion: version } = machine
  if (platform !== 'linux/x64') {
    throw new DoctownError(
      'gpu_unavailable',
      `ONNX Runtime has CUDA files for linux/x64 only, and this is ${platform}; leave ONNX_USE_GPU at auto, WebGPU is tried there.`,
    )
  }
  if (!machine.hasNvidiaCard()) {
    throw new DoctownError(
      'gpu_unavailable',
      'No NVIDIA card is here (or its driver is not loaded: nvidia-smi tells); nothing was fetched.',
    )
  }
  const before = machine.missingFiles()
  if (before.length > 0) {
    console.note(`Fetching ${before.join(', ')} for onnxruntime-node ${version} (about 300 MB)`)
    await machine
      .fetchFiles((line) => console.note(line))
      .catch((cause: unknown) => {
        throw new DoctownError(
          'download_failed',
          `The provider files could not be fetched (${cause instanceof Error ? cause.message : String(cause)}); try again when this machine is online.`,
          { cause },
        )
      })
    const still = machine.missingFiles()
    if (still.length > 0)
      throw new DoctownError('download_failed', `The install script ended and left out ${still.join(', ')}; run it again.`)
  }
  const reason = await machine.warmUp()
  if (reason !== null) {
    throw new DoctownError(
      'gpu_unavailable',
      `The provider files are here, and CUDA does not compute: ${reason}. They are builds for CUDA 12 with cuDNN 9; install those, then run doctown doctor.`,
    )
  }
  console.answer({ installed: before.length > 0, version, provider: 'cuda' }, [
    before.length > 0
      ? `CUDA is ready: provider files of onnxruntime-node ${version} fetched, a warm-up ran.`
      : 'CUDA was ready already; a warm-up ran.',
  ])
  return 0
}
