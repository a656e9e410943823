import { EmbeddedChunkSchema, type EmbeddedChunk, type VectorBlock } from '@doctown/common/contracts/embedding.js'
import { SymbolContextSchema } from '@doctown/common/contracts/symbol-context.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { sampleContent } from '@doctown/common/test/support/sample-docpack.js'
import type { PackageInput } from '../../../src/pipeline/stage-io.js'

export interface PackageSketch {
  readonly symbols?: number
  readonly commit?: string
  readonly repoUrl?: string
  readonly smallDimensions?: number
  readonly withVectors?: boolean
}

/** What the stages before would hand to `package` for a repository of so many equal functions, two chunks each. */
export function packageInput(sketch: PackageSketch = {}): PackageInput {
  const { symbols: count = 5, smallDimensions = 8, withVectors = true } = sketch
  const content = sampleContent({ symbols: count })
  const random = createRandom(count)
  const unit = (length: number): Float32Array => {
    const values = Float32Array.from({ length }, () => random() - 0.5)
    const norm = Math.hypot(...values)
    return values.map((value) => value / norm)
  }
  const embedded: EmbeddedChunk[] = content.symbols.flatMap(({ id, file }) =>
    [0, 1].map((part) =>
      EmbeddedChunkSchema.parse({
        chunk: { chunk_id: `${id}@${part}`, symbol_id: id, file, start_line: 3 + part, end_line: 4 + part },
        small: unit(smallDimensions),
        text: null,
        truncated_tokens: 0,
      }),
    ),
  )
  const structure: VectorBlock = {
    name: 'structure',
    rows: count,
    dimensions: 4,
    values: Float32Array.from({ length: count * 4 }, () => random()),
  }
  return {
    repository: {
      name: 'sample',
      url: sketch.repoUrl ?? 'github.com/o/sample',
      commit_sha: sketch.commit ?? 'a'.repeat(40),
      branch: 'main',
    },
    committedAt: 1_700_000_000,
    searchTexts: content.symbols.map(({ id, name }) => ({
      symbol_id: id,
      path: 'sample',
      head: `pub fn ${name}`,
      body: `\`unexpected end\` ${name} next*3`,
      docs: '',
      test: false,
    })),
    symbols: content.symbols,
    documents: content.documents,
    graph: content.graph,
    clusters: content.clusters,
    contexts: content.symbols.map(({ id, file }, index) =>
      SymbolContextSchema.parse({
        symbol_id: id,
        file,
        container: null,
        trait: null,
        callers: [],
        callees: [],
        cluster: 'c1',
        centrality: (index % 100) / 100,
        related: [],
      }),
    ),
    embedded: withVectors ? embedded : [],
    structure: withVectors ? structure : null,
    overview: content.overview,
    llms: content.llms,
    sources: null,
    files: { detected: 2, processed: 1, skipped: [{ file: 'big.rs', reason: 'too_large' }] },
    languages: { Rust: 1 },
    models: { small: { name: 'built-in', revision: 'r1', dimensions: smallDimensions, max_tokens: 512 }, text: null },
    fallbacks: [],
    grammars: { Rust: '0.24.0' },
    graphModel: { name: 'training-free', dimensions: 4, scores: { auc: 0.9, ap: 0.8 } },
    languageModel: null,
    degraded: true,
    usage: { input_tokens: 0, output_tokens: 0, usd: 0 },
  }
}
