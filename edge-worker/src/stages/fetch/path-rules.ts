import { isUtf8 } from 'node:buffer'

/**
 * True for a name that could lead out of the folder or into `.git` on any file system. Nothing is checked out here, but docpacks
 * are unpacked by others. Control characters are data: a name may hold a newline. A `\` separates folders on Windows.
 */
export function isUnsafeName(name: Buffer): boolean {
  if (name.length === 0 || name.includes(0x2f) || name.includes(0x5c)) return true
  const text = name.toString('utf8')
  return text === '.' || text === '..' || isDotGit(text)
}

/** `.git` as HFS+ and NTFS would read it too: any case, ignored code points, dots and spaces at the end, streams, short names (git's own rule). */
function isDotGit(name: string): boolean {
  const plain = name.replace(HFS_IGNORED, '').toLowerCase()
  const ntfs = plain.replace(/:.*$/s, '').replace(/[. ]+$/, '')
  return ntfs === '.git' || ntfs === 'git~1'
}

const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/** The path as text; every byte that is no UTF-8 as `%XX`, so that a skip can still be told apart. */
export function displayPath(path: Buffer): string {
  if (isUtf8(path)) return path.toString('utf8')
  let text = ''
  for (let at = 0; at < path.length;) {
    const length = utf8Length(path, at)
    text += length > 0 ? path.toString('utf8', at, at + length) : `%${(path[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`
    at += Math.max(length, 1)
  }
  return text
}

/** Bytes of the well-formed character at `at`, or 0. */
function utf8Length(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length
  }
  return 0
}

/** Build output and fetched packages, where their tool's own file lies beside: nobody's source, and often tens of thousands of files. */
export function isIgnoredFolder(name: string, siblings: ReadonlySet<string>): boolean {
  return name === 'node_modules' || (name === 'target' && siblings.has('Cargo.toml'))
}
