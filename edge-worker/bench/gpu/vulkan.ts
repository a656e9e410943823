import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One way to start a process that computes on Vulkan. */
export interface VulkanTry {
  readonly how: string
  readonly env: Readonly<Record<string, string>>
  readonly isSoftware: boolean
}

const DRIVER_FILES = [
  '/usr/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
]
const SWIFTSHADER = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/share/vulkan/icd.d/vk_swiftshader_icd.json']
/** NVIDIA's driver is in two libraries; the second needs no X11 libraries, which a server may lack. */
const NVIDIA_LIBRARIES = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']
const NVIDIA_FOLDERS = ['/usr/local/nvidia/lib64', '/usr/local/nvidia/lib', '/usr/lib/wsl/lib'].filter((folder) => existsSync(folder))

export const hasNvidiaCard = (): boolean =>
  existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidia0') || existsSync('/dev/dxg')

/**
 * In the order to try. Where an NVIDIA card is, its driver alone comes first: it may not be registered, and another adapter, even one in
 * software, would be taken for it. `loaderFolder` may hold a libvulkan.so.1 for a machine without one. `scratch` takes files of ours.
 */
export function vulkanTries(loaderFolder: string, scratch: string): VulkanTry[] {
  const inherited = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const libraries = [...inherited, ...NVIDIA_FOLDERS, ...(hasLoader() || !existsSync(loaderFolder) ? [] : [loaderFolder])]
  const base: Record<string, string> = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') }
  // Both names: loaders before 1.3.207 know only the second.
  const driver = (file: string): Record<string, string> => ({ ...base, VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file })
  const tries: VulkanTry[] = []
  const isChosen = process.env['VK_DRIVER_FILES'] !== undefined || process.env['VK_ICD_FILENAMES'] !== undefined
  if (hasNvidiaCard() && !isChosen) {
    for (const file of DRIVER_FILES.flatMap(nvidiaFiles)) tries.push({ how: `the driver of ${file}`, env: driver(file), isSoftware: false })
    for (const library of NVIDIA_LIBRARIES) {
      const file = join(scratch, `${library}.json`)
      writeFileSync(file, JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.3.0' } }))
      tries.push({ how: `the driver ${library}, registered by the bench`, env: driver(file), isSoftware: false })
    }
  }
  tries.push({ how: 'the driver that Vulkan finds', env: base, isSoftware: !hasAnyGpu() })
  const software = SWIFTSHADER.find((file) => existsSync(file))
  if (software !== undefined) tries.push({ how: `SwiftShader, in software (${software})`, env: driver(software), isSoftware: true })
  return tries
}

const nvidiaFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /nvidia.*\.json$/.test(name))
        .map((name) => join(folder, name))
    : []

/** A device that a driver in hardware would need; elsewhere than on Linux there is no telling, and the speed tells. */
const hasAnyGpu = (): boolean =>
  process.platform !== 'linux' ||
  hasNvidiaCard() ||
  (existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD')))

function hasLoader(): boolean {
  const { status, stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/sbin:/usr/sbin` },
  })
  return status === 0 && stdout.includes('libvulkan.so.1')
}
