import { docpackEntries, type DocpackContent } from '../../src/docpack/content.js'
import { packEmbeddings } from '../../src/docpack/embeddings.js'
import { writeDocpack, type DocpackDraft, type WrittenDocpack } from '../../src/docpack/write.js'
import { DocumentSchema, type Document } from '../../src/contracts/document.js'
import { GraphSchema } from '../../src/contracts/graph.js'
import { SymbolSchema, type Symbol } from '../../src/contracts/symbol.js'
import { createRandom } from '../../src/runtime/random.js'

export interface SampleOptions {
  readonly symbols?: number
  readonly repoUrl?: string
  readonly commit?: string
  readonly committedAt?: number
  readonly sources?: DocpackContent['sources']
  readonly searchTexts?: DocpackContent['searchTexts']
  /** Changes a text in it, and so the docpack's id. */
  readonly overview?: string
}

export const sampleSymbol = (id: string): Symbol =>
  SymbolSchema.parse({
    id,
    name: id.split('::').at(-1) ?? id,
    symbol_type: 'function',
    visibility: 'pub',
    signature: 'pub fn f(x: u32) -> u32',
    parameters: [{ name: 'x', param_type: 'u32' }],
    return_type: 'u32',
    file: 'src/lib.rs',
    line: 3,
    end_line: 5,
    doc_comments: null,
    attributes: [],
    dependencies: [],
    language: 'Rust',
    container: null,
    path: id,
    definition_path: id,
    is_public_api: true,
    in_macro: false,
    doc_links: [],
  })

export const sampleDocument = (symbol: string): Document =>
  DocumentSchema.parse({
    symbol,
    summary: `Does ${symbol}.`,
    description: '',
    parameters: [],
    returns: null,
    errors: null,
    example: null,
    notes: [],
    claims: [],
    generated_by: 'extractive:facts',
  })

export function sampleContent(options: SampleOptions = {}): DocpackContent {
  const symbols = Array.from({ length: options.symbols ?? 3 }, (_, index) => sampleSymbol(`src/lib.rs#sample::item_${index}`))
  return {
    symbols,
    documents: symbols.map(({ id }) => sampleDocument(id)),
    graph: GraphSchema.parse({
      nodes: symbols.map(({ id, name, file }) => ({
        id,
        kind: 'symbol',
        name,
        symbol_type: 'function',
        file,
        line: 3,
        end_line: 5,
        public: true,
        in_degree: 0,
        out_degree: 0,
        pagerank: 1 / symbols.length,
      })),
      edges: symbols
        .slice(1)
        .map(({ id }) => ({ source: symbols[0]?.id, target: id, kind: 'calls', provenance: 'same_module', confidence: 0.9 })),
    }),
    clusters: [{ id: 'c1', label: 'sample', size: symbols.length, cohesion: 1, members: symbols.map(({ id }) => id) }],
    contexts: [],
    chunks: [],
    ...(options.searchTexts === undefined ? {} : { searchTexts: options.searchTexts }),
    overview: options.overview ?? '# sample\n',
    llms: '# sample\n',
    sources: options.sources ?? null,
  }
}

/** A small docpack that our own reader takes, ready to be written. */
export function sampleDraft(options: SampleOptions = {}): DocpackDraft {
  const content = sampleContent(options)
  const random = createRandom(1)
  const rows = content.graph.nodes.length
  const values = Float32Array.from({ length: rows * 4 }, () => random())
  return {
    committedAt: options.committedAt ?? 1_700_000_001,
    entries: [...docpackEntries(content)],
    embeddings: packEmbeddings([{ name: 'structure', rows, dimensions: 4, values }]),
    facts: {
      version: '0.1.0',
      repository: {
        name: 'sample',
        url: options.repoUrl ?? 'github.com/o/sample',
        commit_sha: options.commit ?? 'c'.repeat(40),
        branch: 'main',
      },
      symbol_count: content.symbols.length,
      generators: {
        program: { name: 'doctown', version: '0.1.0' },
        grammars: { Rust: '0.24.0' },
        embedding_models: { small: null, text: null },
        graph_model: { name: 'training-free', dimensions: 4, scores: {} },
        language_model: null,
      },
      languages: { Rust: 1 },
      files: { detected: 1, processed: 1, skipped: [] },
      degraded: true,
      usage: { input_tokens: 0, output_tokens: 0, usd: 0 },
      verification: { verified: 0, unverifiable: 0, contradicted: 0 },
      documents_in_rest: Math.max(0, content.documents.length - 9000),
    },
  }
}

export const sampleDocpack = (options: SampleOptions = {}): WrittenDocpack => writeDocpack(sampleDraft(options))
