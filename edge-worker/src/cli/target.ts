import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { parseAnyRepoUrl, parseGitRef, type AllowedHost } from '@doctown/common/contracts/repo-url.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'

/**
 * What a person on the command line means: a folder when there is one of that name, else a repository on any https host,
 * or on an origin that ALLOWED_GIT_HOSTS trusts. Throws `invalid_repo_url` or `folder_not_found`.
 */
export function readTarget(
  written: string,
  ref: string | null,
  allowed: readonly AllowedHost[],
): SourceTarget & { readonly trustedOrigins: string[] } {
  const git_ref = parseGitRef(ref)
  const folder = resolve(written)
  if (isFolder(folder)) {
    const name = (basename(folder) || 'root').replace(/\.git$/, '')
    return { kind: 'folder', path: folder, repo_url: `local/${name}`, ref: git_ref, trustedOrigins: [] }
  }
  try {
    const address = parseAnyRepoUrl(written, allowed)
    const trustedOrigins = address.trusted ? [new URL(address.clone_url).origin] : []
    return { kind: 'git', url: address.clone_url, repo_url: address.repo_url, ref: git_ref, trustedOrigins }
  } catch (cause) {
    if (/^[./~]/.test(written) || !written.includes('/')) {
      throw new DoctownError(
        'folder_not_found',
        `There is no folder ${written}; give a folder that exists, or an address such as github.com/owner/name.`,
        { cause },
      )
    }
    throw new DoctownError(
      'invalid_repo_url',
      `${written} is neither a folder nor a repository address such as https://github.com/owner/name.`,
      { cause },
    )
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
