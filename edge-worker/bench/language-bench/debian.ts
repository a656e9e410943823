import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.js'

/** Headers of a `-dev` package in a folder of their own, links and examples left out; `null` when it cannot be had. */
export function fetchHeaders(folder: string, name: string): string | null {
  const place = join(folder, name)
  mkdirSync(place)
  try {
    runTool('apt-get', ['download', name], place)
  } catch {
    return null
  }
  const archive = readdirSync(place).find((file) => file.endsWith('.deb'))
  if (archive === undefined) return null
  runTool('dpkg-deb', ['-x', archive, 'unpacked'], place)
  const include = join(place, 'unpacked/usr/include')
  for (const path of readdirSync(include, { recursive: true, encoding: 'utf8' })) {
    const file = join(include, path)
    if (statSync(file, { throwIfNoEntry: false }) === undefined) rmSync(file, { force: true })
  }
  return include
}
