import { z } from 'zod'

/** Why a file of the repository is not in the docpack (http-api.md, Events). */
export const SkipReasonSchema = z.enum([
  'too_large',
  'not_utf8',
  'binary',
  'parse_timeout',
  'parser_crashed',
  'unsafe_path',
  'symlink',
  'submodule',
  'lfs_pointer',
  'duplicate_path',
  'path_not_utf8',
  'path_too_long',
  'ignored',
  'unsupported_language',
])
export type SkipReason = z.infer<typeof SkipReasonSchema>

/** One file left out. A name that is not UTF-8 has every bad byte as `%XX`. */
export const SkippedFileSchema = z.object({ file: z.string(), reason: SkipReasonSchema })
export type SkippedFile = z.infer<typeof SkippedFileSchema>

/** Counts by reason, keys in alphabetical order. */
export function countSkips(skipped: readonly SkippedFile[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
