import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../language.js'

export const PYTHON_MANIFESTS = ['pyproject.toml', 'setup.cfg', 'setup.py']

/**
 * Folders that hold a Python package, and its name in the registry with underscores, as it is most often imported.
 * A line reader: no manifest, however odd, can stop a build.
 */
export function pythonPackages(manifests: readonly SourceFile[]): PackageFacts {
  const names = new Map<string, string>()
  for (const { path, text } of manifests) {
    const file = path.slice(path.lastIndexOf('/') + 1)
    if (!PYTHON_MANIFESTS.includes(file)) continue
    const folder = path.slice(0, Math.max(0, path.length - file.length - 1))
    const name = file === 'setup.py' ? /\bname\s*=\s*["']([\w.-]+)["']/.exec(text)?.[1] : nameInTables(text)
    if (name !== undefined) names.set(folder, name)
    else if (!names.has(folder)) names.set(folder, '')
  }
  return { packages: [...names].map(([folder, name]) => ({ folder, name: name.replace(/[-.]/g, '_'), targets: [] })) }
}

function nameInTables(text: string): string | undefined {
  let table = ''
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)
    if (header?.[1] !== undefined) table = header[1]
    const name = /^\s*name\s*=\s*["']?([\w.-]+)/.exec(line)?.[1]
    if (name !== undefined && ['project', 'tool.poetry', 'metadata'].includes(table)) return name
  }
  return undefined
}
