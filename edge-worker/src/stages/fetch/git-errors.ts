/** What git servers and isomorphic-git say, as one sentence with one code. Nothing of a response's body is repeated. */
import { DoctownError } from '@doctown/common/contracts/errors.js'

/** Thrown when upload-pack says no; `notOurRef` means that it does not hand out this commit by itself. */
export class GitServerRefusal extends DoctownError {
  readonly notOurRef: boolean

  constructor(text: string) {
    super('git_protocol', 'The git server refused to send the repository.', { details: {}, cause: new Error(text.slice(0, 200)) })
    this.notOurRef = /not our ref|unadvertised object/i.test(text)
  }
}

export function refusedByServer(text: string): GitServerRefusal {
  return new GitServerRefusal(text)
}

/** Redirects are never followed: they lead into private networks and carry tokens to strangers. The sentence names a plain new address. */
export function redirectRefused(location: string | undefined): DoctownError {
  const match = /^https:\/\/([a-z0-9.-]+\/[A-Za-z0-9._/-]{1,200}?)(?:\.git)?\/(?:info\/refs|git-upload-pack)(?:\?|$)/.exec(location ?? '')
  const hint = match
    ? ` It names ${match[1]}; submit that address if it is the one you mean.`
    : ' Submit the present address of the repository.'
  return new DoctownError('address_refused', `The git server answered with a redirect, which Doctown does not follow.${hint}`)
}

export interface RemoteFacts {
  readonly host: string
  /** True when a token was sent. */
  readonly hadToken: boolean
}

/** For the forge that asks for a login while we have none. GitHub does so for a public repository that does not exist, too. */
export function authRequired(host: string): DoctownError {
  return new DoctownError(
    'repo_auth_required',
    `${host} asks for a login: the repository is private or does not exist. Check the address; for a private one set GIT_TOKEN or install the GitHub App.`,
  )
}

export function tokenRefused(host: string): DoctownError {
  return new DoctownError(
    'repo_auth_required',
    `${host} refused the token; give GIT_TOKEN read access to this repository or install the GitHub App on it.`,
  )
}

/** Anything isomorphic-git threw, as a DoctownError. */
export function translateGitError(error: unknown, remote: RemoteFacts): DoctownError {
  if (error instanceof DoctownError) return error
  // isomorphic-git's errors carry `code` and `data`, its types only declare the classes; read with care.
  const { code, data } = error as { code?: unknown; data?: { statusCode?: unknown } }
  if (code === 'HttpError') return fromStatus(Number(data?.statusCode), remote)
  if (code === 'ENOSPC') return new DoctownError('disk_full', 'The disk is full; free some space and try again.', { cause: error })
  if (code === 'SmartHttpError') {
    return new DoctownError('repo_not_found', `${remote.host} answers at this address, but not as a git repository; check the address.`)
  }
  return new DoctownError('git_protocol', 'The git server sent something that is not git; try again later.', { cause: error })
}

function fromStatus(status: number, remote: RemoteFacts): DoctownError {
  if (status === 401 || status === 403) return remote.hadToken ? tokenRefused(remote.host) : authRequired(remote.host)
  if (status === 404 || status === 410 || status === 451) {
    const hint = remote.hadToken ? 'check the address and what the token may read' : 'check the address'
    return new DoctownError('repo_not_found', `${remote.host} has no such repository; ${hint}.`)
  }
  return new DoctownError('git_unavailable', `${remote.host} answered with status ${status}; try again later.`)
}

export function missingObject(): DoctownError {
  return new DoctownError(
    'git_protocol',
    'The repository lacks an object that its tree names; a partial clone is made whole by git fetch --refetch.',
  )
}
