import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { SourceTargetSchema } from '@doctown/common/contracts/repository.js'
import { FetchedRepositorySchema } from '@doctown/common/contracts/source-file.js'
import { z } from 'zod'
import type { Stage } from '../../pipeline/stage.js'
import type { FetchInput, FetchOutput, FetchPorts } from '../../pipeline/stage-io.js'
import { FETCH_LIMITS } from './fetch-limits.js'
import type { FetchLimits } from './fetch-limits.js'
import { runChild } from './run-child.js'

const FetchInputSchema = z.object({
  target: SourceTargetSchema,
  languages: z.record(z.string(), z.string()),
  manifests: z.array(z.string()).optional(),
})

/** Files that describe a package, when the caller names none. */
const MANIFESTS: readonly string[] = ['Cargo.toml']

/** The fetch stage with other limits than the contract's; for tests. */
export function createFetchStage(limits: Partial<FetchLimits> = {}): Stage<FetchInput, FetchOutput, FetchPorts> {
  return Object.freeze({
    name: 'fetch',
    version: 1,
    input: FetchInputSchema,
    output: FetchedRepositorySchema,
    run: async (input: FetchInput, context) => {
      const scratchDir = await makeScratch(context.tempDir)
      try {
        return await runChild(
          {
            target: input.target,
            languages: input.languages,
            manifests: input.manifests ?? MANIFESTS,
            trustedOrigins: context.ports.trustedOrigins,
            scratchDir,
            limits: { ...FETCH_LIMITS, ...limits },
          },
          context,
        )
      } finally {
        await rm(scratchDir, { recursive: true, force: true })
      }
    },
  } satisfies Stage<FetchInput, FetchOutput, FetchPorts>)
}

/**
 * One commit's readable files, from a forge, a repository on this disk or a plain folder. Nothing is checked out, no link is
 * followed, and one odd entry costs only itself: it is in `skipped` with its reason.
 */
export const fetchStage = createFetchStage()

async function makeScratch(tempDir: string): Promise<string> {
  try {
    return await mkdtemp(join(tempDir, 'fetch-'))
  } catch (cause) {
    // Node's file errors carry a code; its type does not say so.
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause
    throw new DoctownError('disk_full', 'The disk is full; free some space and try again.', { cause })
  }
}
