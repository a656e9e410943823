import { execFile } from 'node:child_process'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface NpmProject {
  /** `rxjs@7.8.2`. */
  readonly spec: string
  /** What a build made of the sources, and no repository holds. */
  readonly without: readonly string[]
  /** Sources of what the manifest's `exports` let users import, relative to the package; `src/internal/*` are all files below a folder. */
  readonly entries: readonly string[]
  /** How the compiler finds modules: as Node does, by `package.json` and endings, or as bundlers do. */
  readonly modules: 'node' | 'bundler'
}

/** Fetches a package as it was published, and gives the folder with its sources and `package.json`. */
export async function npmPackage(project: NpmProject, folder: string): Promise<string> {
  const run = promisify(execFile)
  const own = join(folder, project.spec.replace(/[^\w.-]+/g, '-'))
  await mkdir(own, { recursive: true })
  const { stdout } = await run('npm', ['pack', project.spec, '--silent', '--pack-destination', own], { cwd: own })
  await run('tar', ['-xzf', stdout.trim().split('\n').at(-1) ?? '', '-C', own], { cwd: own })
  const [root] = (await readdir(own, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const unpacked = join(own, root?.name ?? 'package')
  for (const path of project.without) await rm(join(unpacked, path), { recursive: true, force: true })
  return unpacked
}
