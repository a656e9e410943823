import { z } from 'zod'
import { RepositorySchema } from './repository.js'
import { SkippedFileSchema } from './skip.js'

/** One file of the commit that Doctown reads. `path` is POSIX and relative to the repository's root. */
export const SourceFileSchema = z.object({
  path: z.string(),
  /** Language by name ("Rust"), or `null` for a file that is read for its facts only, such as Cargo.toml. */
  language: z.string().nullable(),
  /** UTF-8 text, a byte order mark removed, line endings as they are. */
  text: z.string(),
})
export type SourceFile = z.infer<typeof SourceFileSchema>

/** What the fetch stage hands on: one commit's readable files, sorted by the bytes of their paths. */
export const FetchedRepositorySchema = z.object({
  repository: RepositorySchema,
  /** The commit's time in seconds since 1970, UTC; 0 for plain files. */
  committed_at: z.number().int().nonnegative(),
  files: z.array(SourceFileSchema),
  /** Package manifests (Cargo.toml, ...), not counted as processed. */
  manifests: z.array(SourceFileSchema),
  /** Regular files and odd entries seen in the tree, skipped ones included. */
  files_detected: z.number().int().nonnegative(),
  skipped: z.array(SkippedFileSchema),
  /** True when the forge asked for a token, so that the record is not shown to strangers. */
  private: z.boolean(),
  /** Bytes of the pack as it came over the wire; 0 for folders. */
  pack_bytes: z.number().int().nonnegative(),
})
export type FetchedRepository = z.infer<typeof FetchedRepositorySchema>
