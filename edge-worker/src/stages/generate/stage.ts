import { ClusterSchema } from '@doctown/common/contracts/cluster.js'
import { DocumentSchema, UsageSchema } from '@doctown/common/contracts/document.js'
import { GraphSchema } from '@doctown/common/contracts/graph.js'
import { RepositorySchema } from '@doctown/common/contracts/repository.js'
import { SymbolContextSchema } from '@doctown/common/contracts/symbol-context.js'
import { SymbolSchema } from '@doctown/common/contracts/symbol.js'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import type { GenerateInput, GenerateOutput } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { draft, finish, type Draft } from './documents.js'
import { createFacts } from './facts/graph-facts.js'
import { llmsText } from './front-page/llms.js'
import { overviewText } from './front-page/overview.js'
import { pageFacts } from './front-page/page-facts.js'

/**
 * Documentation drawn from what the source says: doc comments first, else the facts of signature and graph.
 * No language model writes here, so the output is always marked `degraded` and costs nothing.
 */
export const generateStage: Stage<GenerateInput, GenerateOutput, Record<string, never>> = Object.freeze({
  name: 'generate',
  version: 2,
  input: z.object({
    symbols: z.array(SymbolSchema),
    graph: GraphSchema,
    contexts: z.array(SymbolContextSchema),
    clusters: z.array(ClusterSchema),
    repository: RepositorySchema,
    fileDocs: z.array(z.object({ file: z.string(), text: z.string() })).optional(),
  }),
  output: z.object({
    documents: z.array(DocumentSchema),
    overview: z.string(),
    llms: z.string(),
    usage: UsageSchema,
    languageModel: z.string().nullable(),
    degraded: z.boolean(),
  }),
  run: async (input: GenerateInput, context: StageContext<Record<string, never>>): Promise<GenerateOutput> => {
    const factsOf = createFacts(input)
    const drafts: Draft[] = []
    for (const symbol of input.symbols) {
      drafts.push(draft(factsOf(symbol)))
      if (drafts.length % 200 !== 0) continue
      context.progress(drafts.length, input.symbols.length)
      await turn()
      context.signal.throwIfAborted()
    }
    const documents = finish(drafts)
    context.progress(documents.length, documents.length)
    const pages = { ...input, documents }
    const facts = pageFacts(pages)
    return {
      documents,
      overview: overviewText(pages, facts),
      llms: llmsText(pages, facts),
      usage: { input_tokens: 0, output_tokens: 0, usd: 0 },
      languageModel: null,
      degraded: true,
    }
  },
})
