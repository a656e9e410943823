import { LIMITS } from '@doctown/common/contracts/limits.js'

const MiB = 1024 * 1024

/** Every bound of the fetch stage. Tests shorten them; nobody else should. Times in milliseconds. */
export interface FetchLimits {
  readonly packBytes: number
  /** One inflated object; more is a skip. */
  readonly objectBytes: number
  /** All texts that are handed on. */
  readonly keptBytes: number
  readonly sourceFileBytes: number
  readonly treeEntries: number
  readonly sourceFiles: number
  readonly pathBytes: number
  readonly nameBytes: number
  readonly connectMs: number
  readonly idleMs: number
  readonly wholeMs: number
  /** Resident memory of the child that reads the repository; over it the child is killed. */
  readonly childBytes: number
}

export const FETCH_LIMITS: FetchLimits = {
  packBytes: LIMITS.packBytes,
  objectBytes: LIMITS.objectBytes,
  keptBytes: LIMITS.keptBytes,
  sourceFileBytes: LIMITS.sourceFileBytes,
  treeEntries: LIMITS.treeEntries,
  sourceFiles: LIMITS.sourceFiles,
  pathBytes: LIMITS.pathBytes,
  nameBytes: LIMITS.nameBytes,
  connectMs: LIMITS.cloneConnectMs,
  idleMs: LIMITS.cloneIdleMs,
  wholeMs: LIMITS.cloneWholeMs,
  // isomorphic-git holds a 200 MiB pack three times over while it joins its pieces, and one object of a few hundred MiB
  // four times. Within the worker's 3 GiB, with room for the texts themselves.
  childBytes: 1536 * MiB,
}
