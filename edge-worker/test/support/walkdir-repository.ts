import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { git } from './git-command.js'

/** The commit of the fixture; the files' licences (MIT, UNLICENSE) lie beside them. */
export const WALKDIR_COMMIT = '7c02d3d2ce0ef7936d16daa8f330c93ab813fb22'
export const WALKDIR_FOLDER = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')

/**
 * Makes a git repository of walkdir's sources in `folder` (made when missing) with the real git, branch `main`,
 * always the same commit `WALKDIR_COMMIT`. `bare` gives what a server keeps. Gives the folder back.
 */
export async function makeWalkdirRepository(folder: string, options: { readonly bare?: boolean } = {}): Promise<string> {
  const work = options.bare === true ? `${folder}.work` : folder
  await cp(WALKDIR_FOLDER, work, { recursive: true })
  git(work, ['init', '--quiet', '--initial-branch=main'])
  git(work, ['add', '--all', '--force'])
  git(work, ['commit', '--quiet', '--message=Import small-walkdir'])
  if (work !== folder) {
    git('/', ['clone', '--quiet', '--bare', work, folder])
    await rm(work, { recursive: true })
  }
  return folder
}
