import { DoctownError } from '@doctown/common/contracts/errors.js'

/** A repository's refs by full name (`refs/heads/main`), and the branch that HEAD points to. */
export interface RefList {
  readonly refs: ReadonlyMap<string, string>
  readonly head: { readonly oid: string; readonly branch: string } | null
}

export type RefChoice =
  | { readonly kind: 'found'; readonly oid: string; readonly branch: string }
  /** A commit by its id, or the beginning of one, that no ref points to. */
  | { readonly kind: 'commit'; readonly prefix: string }

/** Branch before tag, as `git clone --branch` has it, then a full ref name, then a commit. Throws `ref_not_found`. */
export function chooseRef(wanted: string | null, { refs, head }: RefList): RefChoice {
  if (wanted === null || wanted === 'HEAD') {
    if (head !== null) return { kind: 'found', ...head }
    const branches = [...refs].filter(([name]) => name.startsWith('refs/heads/'))
    const [only] = branches
    if (only !== undefined && branches.length === 1) return { kind: 'found', oid: only[1], branch: branchName(only[0]) }
    throw new DoctownError('ref_not_found', 'The repository has no default branch; name a branch, tag or commit.')
  }
  for (const name of [`refs/heads/${wanted}`, `refs/tags/${wanted}`, wanted, `refs/${wanted}`, `refs/remotes/origin/${wanted}`]) {
    const oid = refs.get(name)
    if (oid !== undefined) return { kind: 'found', oid, branch: branchName(name) }
  }
  if (!/^[0-9a-f]{4,40}$/i.test(wanted)) throw refNotFound(wanted)
  const prefix = wanted.toLowerCase()
  const tips = [...new Set(refs.values())].filter((oid) => oid.startsWith(prefix))
  const [tip] = tips
  if (tip !== undefined && tips.length === 1) return { kind: 'found', oid: tip, branch: '' }
  return { kind: 'commit', prefix }
}

export function refNotFound(wanted: string): DoctownError {
  return new DoctownError(
    'ref_not_found',
    `The repository has no branch, tag or commit ${wanted}; check its name, or leave the ref out for the default branch.`,
  )
}

function branchName(ref: string): string {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ''
}
