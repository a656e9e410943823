import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts, PackageTarget } from '../language.js'
import { packageBuild } from './cargo-build.js'

/** Reads the names and the features out of every Cargo.toml. A manifest without `[package]` (a workspace's root) describes no package. */
export function cargoPackages(manifests: readonly SourceFile[]): PackageFacts {
  const texts = new Map(manifests.map(({ path, text }) => [path, text]))
  const packages: PackageFacts['packages'][number][] = []
  for (const { path, text } of manifests) {
    if (path !== 'Cargo.toml' && !path.endsWith('/Cargo.toml')) continue
    const folder = path.slice(0, -'Cargo.toml'.length).replace(/\/$/, '')
    const tables = readTables(text)
    const packageName = tables.find((table) => table.name === 'package' || table.name === 'project')?.values.get('name')
    if (packageName === undefined) continue
    const library = tables.find((table) => table.name === 'lib')?.values
    const name = crateName(library?.get('name') ?? packageName)
    packages.push({
      folder,
      name,
      targets: targetsOf(tables, folder, name),
      build: packageBuild(text, texts.get(`${path.slice(0, -'Cargo.toml'.length)}build.rs`)),
    })
  }
  return { packages }
}

export function crateName(packageName: string): string {
  return packageName.replaceAll('-', '_')
}

interface Table {
  readonly name: string
  readonly values: ReadonlyMap<string, string>
}

/**
 * The few lines of TOML that matter here: table headers and `key = "string"`. A line that is neither is passed over,
 * so that no manifest, however odd, can stop a build.
 */
function readTables(text: string): Table[] {
  const tables: { name: string; values: Map<string, string> }[] = []
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}/.exec(line)
    if (header?.[1] !== undefined) tables.push({ name: header[1], values: new Map() })
    const pair = /^\s*([\w-]+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line)
    const value = pair?.[2] ?? pair?.[3]
    if (pair?.[1] !== undefined && value !== undefined) tables[tables.length - 1]?.values.set(pair[1], value)
  }
  return tables
}

function targetsOf(tables: readonly Table[], folder: string, library: string): PackageTarget[] {
  return tables.flatMap((table): PackageTarget[] => {
    const path = table.values.get('path')
    if (path === undefined || path.split('/').includes('..')) return []
    const file = [folder, path.replace(/^\.\//, '')].filter((part) => part !== '').join('/')
    if (table.name === 'lib') return [{ file, name: library, library: true }]
    if (!['bin', 'test', 'bench', 'example'].includes(table.name)) return []
    return [{ file, name: crateName(table.values.get('name') ?? library), library: false }]
  })
}
