import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the clone: the nearest one above this file whose package.json is Doctown's own. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'doctown') return folder
    const parent = dirname(folder)
    if (parent === folder) throw new Error('package.json of doctown not found above the program')
    folder = parent
  }
}
