import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
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
      const scratchDir = await mkdtemp(join(context.tempDir, 'fetch-'))
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
