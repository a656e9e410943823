import { z } from 'zod'

/** Where a build takes its source from. Folders are a right of the command line alone. */
export const SourceTargetSchema = z.discriminatedUnion('kind', [
  /** `url` is a full clone URL; `repo_url` its one spelling, `host/owner/name`. */
  z.object({ kind: z.literal('git'), url: z.string(), repo_url: z.string(), ref: z.string().nullable() }),
  /** A folder on this machine: a git repository (its HEAD), a bare repository, or plain files. */
  z.object({ kind: z.literal('folder'), path: z.string(), repo_url: z.string(), ref: z.string().nullable() }),
])
export type SourceTarget = z.infer<typeof SourceTargetSchema>

/** The commit a docpack describes. */
export const RepositorySchema = z.object({
  name: z.string(),
  /** One spelling: `host/owner/name`, or `local/<folder name>`. */
  url: z.string(),
  /** 40 hex digits, or `worktree-` and 32 hex digits for plain files. */
  commit_sha: z.string(),
  /** `""` when the folder is no git repository or HEAD is detached. */
  branch: z.string(),
})
export type Repository = z.infer<typeof RepositorySchema>
