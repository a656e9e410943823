import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { EdgeSet } from './edge-set.js'
import type { Tally } from './tally.js'

/** Edges from documents to the files of the repository that they link to. */
export function resolveLinks(files: readonly ParsedFile[], edges: EdgeSet, tally: Tally): void {
  const known = new Set(files.map(({ file }) => file))
  for (const { file, language, references } of files) {
    if (language !== 'Markdown') continue
    for (const { path } of references) {
      const target = targetOf(path[0] ?? '', file)
      const isKnown = target !== null && known.has(target)
      tally.count(isKnown ? 'resolved' : 'external')
      if (isKnown && target !== file) edges.add(file, target, 'imports', 'link')
    }
  }
}

/** `/a` is told from the root, all else from the document's folder; `null` when it leaves the repository. */
function targetOf(written: string, from: string): string | null {
  const parts = written.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}
