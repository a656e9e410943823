/** The numbers of shared/design/limits-and-faults.md section 2, in one place. Bytes unless the name says otherwise. */
const KiB = 1024
const MiB = 1024 * KiB

export const LIMITS = {
  packBytes: 200 * MiB,
  objectBytes: 32 * MiB,
  keptBytes: 512 * MiB,
  treeEntries: 50_000,
  sourceFiles: 20_000,
  pathBytes: 4096,
  nameBytes: 255,
  sourceFileBytes: 1 * MiB,
  signatureBytes: 4 * KiB,
  docBytes: 64 * KiB,
  parseFileMs: 5_000,
  walkDepth: 500,
  cloneConnectMs: 10_000,
  cloneIdleMs: 30_000,
  cloneWholeMs: 300_000,
  jobWholeMs: 30 * 60_000,
  jobAttempts: 3,
  parseChildBytes: 1024 * MiB,
  workerBytes: 3 * 1024 * MiB,
  jobDataBytes: 16 * KiB,
  jobResultBytes: 64 * KiB,
  errorTextBytes: 4 * KiB,
  docpackUploadBytes: 64 * MiB,
  docpackBytes: 60 * MiB,
  zipEntries: 10_000,
  zipEntryBytes: 64 * MiB,
  zipAllBytes: 512 * MiB,
  zipRatio: 50,
  zipRatioFromBytes: 64 * MiB,
  docsFiles: 9_000,
  jsonBodyBytes: 100 * KiB,
  urlBytes: 8 * KiB,
  repoUrlBytes: 300,
  historyLimit: 100,
} as const

/** Whole time a stage may take, in milliseconds; more is `stage_timeout`. */
export const STAGE_LIMITS_MS = {
  fetch: 300_000,
  parse: 300_000,
  chunk: 300_000,
  embed: 600_000,
  graph: 300_000,
  cluster: 300_000,
  train: 600_000,
  generate: 600_000,
  package: 180_000,
  publish: 180_000,
} as const
