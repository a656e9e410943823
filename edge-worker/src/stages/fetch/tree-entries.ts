/** One line of a git tree, exactly as it stands there. */
export interface TreeEntry {
  /** What the mode's octal text means; `NaN` when it is no octal number. */
  readonly mode: number
  readonly name: Buffer
  readonly oid: string
}

export interface TreeEntries {
  readonly entries: readonly TreeEntry[]
  /** True when the bytes end inside an entry; what stands before it is still given. */
  readonly isCut: boolean
}

/**
 * Reads a raw tree object. isomorphic-git's own reading throws for the whole tree on one `\` in a name
 * (measured fact 6); here every entry stands by itself and the caller judges it.
 */
export function parseTree(bytes: Buffer, maxEntries: number): TreeEntries {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < bytes.length && entries.length <= maxEntries) {
    const space = bytes.indexOf(0x20, at)
    const nul = space < 0 ? -1 : bytes.indexOf(0, space)
    if (nul < 0 || nul + 21 > bytes.length) return { entries, isCut: true }
    const mode = bytes.toString('latin1', at, space)
    entries.push({
      mode: /^[0-7]{1,7}$/.test(mode) ? parseInt(mode, 8) : NaN,
      name: bytes.subarray(space + 1, nul),
      oid: bytes.toString('hex', nul + 1, nul + 21),
    })
    at = nul + 21
  }
  return { entries, isCut: false }
}
