import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

/** What may be carried to a lent machine. */
const MOST_BYTES = 64 * 2 ** 20
const RUNTIME = 'onnxruntime-node/bin/napi-v6'
const LIBRARY = 'libonnxruntime.so.1'
const FIXTURE = 'common/test/fixtures/tiny-onnx'

/**
 * Writes a folder that runs the bench by itself: the files that it imports, ONNX Runtime for this platform alone, the fixture's tokenizer, the
 * Vulkan loader of this machine where it has one. `withNode` adds this Node, both compressed. Throws for a folder that is not empty.
 */
export async function packBench(
  target: string,
  { withNode, say }: { readonly withNode: boolean; readonly say: (line: string) => void },
): Promise<{ bytes: number }> {
  const [root, folder] = [repositoryRoot(), resolve(target)]
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${target} is not empty: name a new folder`)
  mkdirSync(folder, { recursive: true })

  const packages = new Set<string>()
  for (const file of importedFiles(fileURLToPath(new URL('../gpu.js', import.meta.url)), packages))
    copy(file, join(folder, relative(root, file)))
  for (const name of packages) copyPackage(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  // Where `@doctown/common` is looked for: the workspace's link does not travel.
  cpSync(join(folder, 'common/dist'), join(folder, 'node_modules/@doctown/common/dist'), { recursive: true })
  rmSync(join(folder, 'common/dist'), { recursive: true })
  copy(join(root, 'common/package.json'), join(folder, 'node_modules/@doctown/common/package.json'))
  copy(join(root, 'edge-worker/package.json'), join(folder, 'edge-worker/package.json'))
  for (const name of ['tokenizer.json', 'model.json', 'model.onnx']) copy(join(root, FIXTURE, name), join(folder, FIXTURE, name))
  const platform = join(RUNTIME, process.platform, process.arch)
  cpSync(join(root, 'node_modules', platform), join(folder, 'node_modules', platform), {
    recursive: true,
    // CUDA's files take 300 MB; who has them puts them there.
    filter: (file) => !file.includes('_providers_'),
  })
  const scripts = { 'bench:gpu': 'node edge-worker/dist/bench/gpu.js' }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'doctown', private: true, type: 'module', commit: commit(root), scripts }),
  )
  const loader = vulkanLoader()
  if (loader !== null) copy(loader, join(folder, 'vulkan/libvulkan.so.1'))
  if (withNode) addNode(folder, join('node_modules', platform, LIBRARY))
  writeFileSync(join(folder, 'run.sh'), runScript(withNode, join('node_modules', platform, LIBRARY)))
  chmodSync(join(folder, 'run.sh'), 0o755)

  const bytes = sizeOf(folder)
  say(`${folder}: ${(bytes / 2 ** 20).toFixed(1)} MiB${loader === null ? ', without a Vulkan loader (this machine has none)' : ''}`)
  say(`There: sh run.sh --json${withNode ? '' : '      (needs Node 20)'}`)
  if (bytes > MOST_BYTES) throw new Error('This is more than the 64 MiB that may be carried.')
  return { bytes }
}

/** The file and all that it imports or starts, ours; names of the packages go to `packages`. */
function importedFiles(entry: string, packages: Set<string>): Set<string> {
  const root = repositoryRoot()
  const seen = new Set<string>()
  const open = [entry]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const source = readFileSync(file, 'utf8')
    const names = [
      ...source.matchAll(/^(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm),
      ...source.matchAll(/\bimport\(?\s*['"]([^'"]+)['"]/g),
      ...source.matchAll(/new URL\(['"]([^'"]+\.js)['"]/g),
      ...source.matchAll(/['"](\.\/[\w/-]+-child\.js)['"]/g),
    ].map((match) => match[1]!)
    for (const name of names) {
      if (name.startsWith('.')) open.push(join(dirname(file), name))
      else if (name.startsWith('@doctown/common/test/')) open.push(join(root, 'common/dist', name.slice('@doctown/common/'.length)))
      else if (name.startsWith('@doctown/common/')) open.push(join(root, 'common/dist/src', name.slice('@doctown/common/'.length)))
      else if (!name.startsWith('node:')) addPackage(name.split('/', name.startsWith('@') ? 2 : 1).join('/'), packages)
    }
  }
  return seen
}

/** ONNX Runtime asks for three packages; two only serve its install script. */
const INSTALL_ONLY = ['adm-zip', 'global-agent']

function addPackage(name: string, packages: Set<string>): void {
  if (packages.has(name)) return
  packages.add(name)
  // `as`: a package's own description.
  const { dependencies = {} } = JSON.parse(readFileSync(join(repositoryRoot(), 'node_modules', name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  for (const each of Object.keys(dependencies))
    if (!(name === 'onnxruntime-node' && INSTALL_ONLY.includes(each))) addPackage(each, packages)
}

const NOT_RUN = ['test', 'tests', 'benchmarks', 'docs', '.github', '.husky', 'node_modules', 'script']

/** What runs: no types, maps, sources, tests, nor the binaries of other platforms. */
function copyPackage(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (file) => {
      const inside = relative(from, file).split(sep)
      if (inside[0] === 'bin' && from.endsWith('onnxruntime-node')) return false
      if (statSync(file).isDirectory()) return !NOT_RUN.includes(inside.at(-1)!)
      return ['.js', '.cjs', '.mjs', '.json'].includes(extname(file)) || /^licen[cs]e/i.test(inside.at(-1)!)
    },
  })
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { dereference: true })
}

function addNode(folder: string, library: string): void {
  const node = join(folder, 'node')
  copy(process.execPath, node)
  // A tenth smaller without its symbols; where there is no strip it goes as it is.
  spawnSync('strip', [node], { stdio: 'ignore' })
  for (const file of [node, join(folder, library)]) {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
    rmSync(file)
  }
}

const runScript = (withNode: boolean, library: string): string =>
  withNode
    ? `#!/bin/sh
# Unpacks Node and ONNX Runtime once, then runs the bench.
set -e
cd "$(dirname "$0")"
for file in node ${library}; do
  [ -f "$file" ] || { gzip -dc "$file.gz" > "$file.part" && mv "$file.part" "$file"; }
done
chmod +x node
exec ./node edge-worker/dist/bench/gpu.js "$@"
`
    : `#!/bin/sh
cd "$(dirname "$0")" && exec node edge-worker/dist/bench/gpu.js "$@"
`

function vulkanLoader(): string | null {
  const { status, stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  return (status === 0 && /libvulkan\.so\.1 .*=> (\S+)/.exec(stdout)?.[1]) || null
}

function commit(root: string): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

const sizeOf = (path: string): number =>
  statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : statSync(path).size
