/**
 * One strict reading of what a person may call a repository. The raw text is matched before any URL parser sees it,
 * because WHATWG URL turns many tricks into `github.com` or 127.0.0.1 (limits-and-faults.md, measured fact 10).
 */
import { DoctownError } from './errors.js'

/** One entry of ALLOWED_GIT_HOSTS. With `origin` set, this one origin is trusted: http, a port, private addresses, short paths. */
export interface AllowedHost {
  readonly host: string
  readonly origin: string | null
}

export interface RepoAddress {
  /** `host/owner/name`, host in lower case, no scheme, no `.git`. */
  readonly repo_url: string
  /** What git clones. */
  readonly clone_url: string
  /** True when an entry with a scheme or a port vouches for the origin. */
  readonly trusted: boolean
}

const HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/

const refuse = (): never => {
  throw new DoctownError('invalid_repo_url', 'Invalid repository URL')
}

/** Reads `github.com`, `forge.lan:3000`, `http://127.0.0.1:4711`. Throws `config_invalid` on anything else. */
export function parseAllowedHosts(list: string): AllowedHost[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const match = /^(?:(https?):\/\/)?([a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?$/.exec(entry.toLowerCase())
      const [, scheme, host, port] = match ?? []
      if (host === undefined || !HOST.test(host) || Number(port ?? 1) > 65535) {
        throw new DoctownError('config_invalid', `ALLOWED_GIT_HOSTS has an entry that is no host, host:port or http://host:port: ${entry}`)
      }
      if (scheme === undefined && port === undefined) return { host, origin: null }
      return { host, origin: `${scheme ?? 'https'}://${host}${port === undefined ? '' : `:${port}`}` }
    })
}

/** `https://github.com/user/repo.git/`, `github.com/user/repo`, `127.0.0.1:4711/walkdir.git`. Throws `invalid_repo_url`. */
export function parseRepoUrl(raw: string, allowed: readonly AllowedHost[]): RepoAddress {
  if (raw.length === 0 || raw.length > 300) return refuse()
  const match = /^(?:(https?):\/\/)?([A-Za-z0-9.-]+)(?::([1-9][0-9]{0,4}))?\/([A-Za-z0-9._/-]+)$/.exec(raw)
  const [, scheme, writtenHost, port, writtenPath] = match ?? []
  if (writtenHost === undefined || writtenPath === undefined) return refuse()
  const host = writtenHost.toLowerCase()
  const authority = port === undefined ? host : `${host}:${port}`
  const trustedEntry = allowed.find((entry) => {
    if (entry.origin === null) return false
    const [entryScheme, entryAuthority] = entry.origin.split('://')
    return entryAuthority === authority && (scheme === undefined || scheme === entryScheme)
  })
  const segments = writtenPath.replace(/\/$/, '').split('/')
  if (!segments.every((segment) => SEGMENT.test(segment))) return refuse()
  const last = segments.at(-1) ?? ''
  const name = last.replace(/\.git$/i, '')
  if (name === '' || name === '.' || name === '..') return refuse()
  const path = [...segments.slice(0, -1), name].join('/')
  if (trustedEntry?.origin != null) {
    return { repo_url: `${authority}/${path}`, clone_url: `${trustedEntry.origin}/${segments.join('/')}`, trusted: true }
  }
  const plain = allowed.some((entry) => entry.origin === null && entry.host === host)
  if (!plain || scheme === 'http' || port !== undefined || segments.length !== 2) return refuse()
  return { repo_url: `${host}/${path}`, clone_url: `https://${host}/${path}.git`, trusted: false }
}

/**
 * For the command line, which takes any https host: the entries of `allowed` first, with their rights, then
 * `https://host[:port]/owner/name` and `host/owner/name`. Addresses are still checked when cloning. Throws `invalid_repo_url`.
 */
export function parseAnyRepoUrl(raw: string, allowed: readonly AllowedHost[] = []): RepoAddress {
  const trusted = allowed.filter(({ origin }) => origin !== null)
  if (raw.length > 300) return refuse()
  const match = /^(?:https:\/\/)?([A-Za-z0-9.-]+)(:[1-9][0-9]{0,4})?\/([A-Za-z0-9._/-]+)$/.exec(raw)
  const [, writtenHost, port = '', path = ''] = match ?? []
  const host = writtenHost?.toLowerCase() ?? ''
  const isTrusted = trusted.some(
    ({ origin }) => raw.toLowerCase().startsWith(`${origin}/`) || origin?.endsWith(`://${host}${port}`) === true,
  )
  if (isTrusted) return parseRepoUrl(raw, trusted)
  const segments = path.replace(/\/$/, '').split('/')
  const name = segments.at(-1)?.replace(/\.git$/i, '') ?? ''
  if (!HOST.test(host) || !host.includes('.') || segments.length < 2 || !segments.every((segment) => SEGMENT.test(segment))) return refuse()
  if (name === '' || name === '.' || name === '..' || Number(port.slice(1)) > 65535) return refuse()
  const plain = `${host}${port}/${[...segments.slice(0, -1), name].join('/')}`
  return { repo_url: plain, clone_url: `https://${plain}.git`, trusted: false }
}

/** A branch, tag or commit as git allows it (git check-ref-format), at most 200 characters; `null` when absent. Throws `invalid_request`. */
export function parseGitRef(raw: string | null | undefined): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  const bad =
    raw.length > 200 || !/^[A-Za-z0-9._/+@#=-]+$/.test(raw) || /(^[-./@]$)|^-|\.\.|\/\/|@\{|\.lock($|\/)|(^|\/)\.|[./]$|^\//.test(raw)
  if (bad) throw new DoctownError('invalid_request', 'git_ref is not a branch, tag or commit name.')
  return raw
}
