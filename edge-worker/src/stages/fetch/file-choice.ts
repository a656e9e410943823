import { isUtf8 } from 'node:buffer'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SkippedFile, SkipReason } from '@doctown/common/contracts/skip.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { FetchRequest } from './child-messages.js'

/** A regular file that a language or a manifest reader wants. `place` finds its bytes: an object id, a file's path. */
export interface Candidate {
  readonly path: Buffer
  readonly place: string
  /** `null` for a manifest that no language reads. */
  readonly language: string | null
  readonly isManifest: boolean
}

/** What a tree or a folder was found to hold, before any content is read. */
export interface Listing {
  readonly candidates: readonly Candidate[]
  readonly skipped: readonly SkippedFile[]
}

/** What the name of a file says: which language reads it, and whether it describes a package. */
export function classify(name: string, request: Pick<FetchRequest, 'languages' | 'manifests'>): Pick<Candidate, 'language' | 'isManifest'> {
  const endings = Object.keys(request.languages).filter((ending) => name.endsWith(ending))
  const longest = endings.sort((a, b) => b.length - a.length)[0]
  return { language: longest === undefined ? null : (request.languages[longest] ?? null), isManifest: request.manifests.includes(name) }
}

/** Text of a file, or why it is left out. Strict UTF-8; one byte order mark is removed, line endings stay. */
export function decode(bytes: Buffer, maxBytes: number): { readonly text: string } | { readonly reason: SkipReason } {
  if (bytes.length > maxBytes) return { reason: 'too_large' }
  if (bytes.length < 1024 && bytes.toString('latin1').startsWith('version https://git-lfs.github.com/spec/'))
    return { reason: 'lfs_pointer' }
  if (bytes.includes(0)) return { reason: 'binary' }
  if (!isUtf8(bytes)) return { reason: 'not_utf8' }
  const text = bytes.toString('utf8')
  return { text: text.startsWith('\ufeff') ? text.slice(1) : text }
}

/** Collects what is handed on and keeps the sum right: files detected = files + skipped. */
export class Selection {
  readonly skipped: SkippedFile[]
  files = 0
  #keptBytes = 0

  constructor(
    listing: Listing,
    private readonly request: FetchRequest,
    private readonly send: (batch: { readonly files: SourceFile[]; readonly manifests: SourceFile[] }) => Promise<void>,
  ) {
    this.skipped = [...listing.skipped]
    const sources = listing.candidates.filter(({ language }) => language !== null).length
    if (sources > request.limits.sourceFiles) {
      throw new DoctownError(
        'too_many_files',
        `The repository has ${sources} source files; Doctown reads at most ${request.limits.sourceFiles}.`,
      )
    }
    if (listing.candidates.length + listing.skipped.length === 0) {
      throw new DoctownError('repo_empty', 'There is no file in it; push or add some source files first.')
    }
    if (sources === 0) {
      const endings = Object.keys(request.languages).join(', ')
      throw new DoctownError(
        'no_supported_files',
        `It has no source file that Doctown reads (${endings}); choose another repository or ref.`,
      )
    }
  }

  get filesDetected(): number {
    return this.files + this.skipped.length
  }

  /** `bytes` is null when the file is longer than one object may be. */
  async add(candidate: Candidate, bytes: Buffer | null): Promise<void> {
    const path = candidate.path.toString('utf8')
    const content = bytes === null ? { reason: 'too_large' as const } : decode(bytes, this.request.limits.sourceFileBytes)
    if ('reason' in content) {
      this.skipped.push({ file: path, reason: content.reason })
      return
    }
    this.#keptBytes += bytes?.length ?? 0
    if (this.#keptBytes > this.request.limits.keptBytes) {
      const limit = Math.floor(this.request.limits.keptBytes / 1024 / 1024)
      throw new DoctownError(
        'repo_too_large',
        `The repository's source files are larger than ${limit} MiB together; Doctown reads smaller ones.`,
      )
    }
    const manifests = candidate.isManifest ? [{ path, language: null, text: content.text }] : []
    if (candidate.language === null) {
      this.skipped.push({ file: path, reason: 'unsupported_language' })
      await this.send({ files: [], manifests })
      return
    }
    this.files++
    await this.send({ files: [{ path, language: candidate.language, text: content.text }], manifests })
  }
}

/** Sorted by the bytes of the path, as files are; two skips of one path by reason. */
export function sortSkips(skipped: readonly SkippedFile[]): SkippedFile[] {
  return [...skipped].sort((a, b) => Buffer.compare(Buffer.from(a.file), Buffer.from(b.file)) || (a.reason < b.reason ? -1 : 1))
}
