import { POINTS_VERSION } from '@doctown/common/contracts/points-version.js'
import type { DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import { DocpackRecordSchema, docpackKey, recordKey } from '@doctown/common/contracts/docpack-record.js'
import { ManifestSchema } from '@doctown/common/contracts/manifest.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { sha256Hex } from '@doctown/common/runtime/bytes.js'

export const sampleManifest = ManifestSchema.parse({
  docpack_format: 1,
  version: '0.1.0',
  generated_at: '2026-01-01T00:00:00.000Z',
  repository: { name: 'walkdir', url: 'github.com/BurntSushi/walkdir', commit_sha: '0'.repeat(40), branch: 'master' },
  symbol_count: 5,
  generators: {
    program: { name: 'doctown', version: '0.1.0' },
    grammars: { rust: '0.24.0' },
    embedding_models: { small: null, text: null },
    graph_model: { name: 'training-free', dimensions: 0, scores: {} },
    language_model: null,
  },
  languages: { Rust: 3 },
  files: { detected: 3, processed: 3, skipped: [] },
  degraded: true,
  usage: { input_tokens: 0, output_tokens: 0, usd: 0 },
  verification: { verified: 0, unverifiable: 0, contradicted: 0 },
  embeddings: { blocks: [], left_out: 'not computed' },
  documents_in_rest: 0,
  entries: {},
})

export interface SampleDocpack {
  readonly jobId: string
  readonly repoUrl?: string
  readonly isPrivate?: boolean
  readonly builtAt?: string
  readonly languages?: Readonly<Record<string, number>>
  readonly bytes?: Uint8Array
  /** Its points are not in the vector store, or of the first shape. */
  readonly indexPending?: boolean
  readonly indexVersion?: number
}

/** Puts a docpack and its record into the store, as the publish stage does: the record last. */
export async function publishSample(store: ObjectStore, sample: SampleDocpack): Promise<DocpackRecord> {
  const bytes = sample.bytes ?? Buffer.from(`docpack of job ${sample.jobId}`)
  const sha256 = sha256Hex(bytes)
  const record = DocpackRecordSchema.parse({
    docpack_id: sha256.slice(0, 20),
    key: docpackKey(sample.jobId),
    sha256,
    job_id: sample.jobId,
    repo_url: sample.repoUrl ?? 'github.com/BurntSushi/walkdir',
    commit_sha: 'abcdef0123456789abcdef0123456789abcdef01',
    branch: 'master',
    languages: sample.languages ?? { Rust: 3 },
    symbol_count: 5,
    verified_share: null,
    built_at: sample.builtAt ?? '2026-01-01T00:00:00.000Z',
    size_bytes: bytes.byteLength,
    visibility: sample.isPrivate === true ? 'private' : 'public',
    execution_provider: 'typescript',
    duration_ms: 1500,
    cost_usd: 0,
    index_pending: sample.indexPending === true,
    index_version: sample.indexVersion ?? POINTS_VERSION,
  })
  await store.put(record.key, bytes)
  await store.put(recordKey(record.docpack_id), Buffer.from(JSON.stringify(record)))
  return record
}
