import type { PackageFacts, PackageTarget } from '../language.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'

/** Names and entry points out of every package.json; one that is no JSON, or has no name, describes no package. */
export function npmPackages(manifests: readonly SourceFile[]): PackageFacts {
  const packages: PackageFacts['packages'][number][] = []
  for (const { path, text } of manifests) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue
    const folder = path.slice(0, -'package.json'.length).replace(/\/$/, '')
    const manifest = parseObject(text)
    if (manifest === null || typeof manifest.name !== 'string' || manifest.name === '') continue
    packages.push({ folder, name: manifest.name, targets: targetsOf(manifest, folder, manifest.name) })
  }
  return { packages }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    // Somebody's broken manifest describes nothing; the build goes on.
    return null
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function targetsOf(manifest: Readonly<Record<string, unknown>>, folder: string, name: string): PackageTarget[] {
  const targets = new Map<string, PackageTarget>()
  const add = (written: string, importedAs: string): void => {
    const file = inFolder(folder, written)
    if (file !== null && !targets.has(file)) targets.set(file, { file, name: importedAs, library: true })
  }
  for (const { key, file } of exportedFiles(manifest.exports, '.')) add(file, key === '.' ? name : `${name}/${key.replace(/^\.\//, '')}`)
  // Where there are exports, the other fields are for tools that do not know them, and say the same.
  for (const entry of ['module', 'main', 'types', 'typings', 'source', 'es2015', 'browser']) {
    const written = manifest[entry]
    if (typeof written === 'string') add(written, name)
  }
  if (targets.size === 0) for (const file of ['index.ts', 'index.tsx', 'index.js', 'index.mjs', 'index.d.ts']) add(file, name)
  return [...targets.values()]
}

const MAX_DEPTH = 8
const MAX_TARGETS = 2000

/** Every file that `exports` names, with the key that its users import; patterns (`./*`) stay as written. */
function exportedFiles(exports: unknown, key: string): { readonly key: string; readonly file: string }[] {
  const found: { readonly key: string; readonly file: string }[] = []
  const waiting: { readonly value: unknown; readonly key: string; readonly depth: number }[] = [{ value: exports, key, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined && found.length < MAX_TARGETS; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value === 'string') found.push({ key: next.key, file: value })
    else if (depth < MAX_DEPTH && Array.isArray(value))
      for (const each of value.reverse()) waiting.push({ value: each, key: next.key, depth: depth + 1 })
    else if (depth < MAX_DEPTH && isObject(value)) {
      for (const [name, each] of Object.entries(value).reverse()) {
        waiting.push({ value: each, key: name.startsWith('.') ? name : next.key, depth: depth + 1 })
      }
    }
  }
  return found
}

/** A path inside the package as one of the repository; `null` for what leaves the package or is not source. */
function inFolder(folder: string, written: string): string | null {
  const inside = written.replace(/^(?:\.\/)+/, '')
  if (inside === '' || inside.startsWith('/') || inside.split('/').includes('..') || /\.(?:json|css|wasm|node)$/.test(inside)) return null
  return folder === '' ? inside : `${folder}/${inside}`
}
