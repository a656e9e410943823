/** Entry of the worker thread that `communities-off-loop.ts` starts. */
import { parentPort, workerData } from 'node:worker_threads'
import { findCommunities } from './find-communities.js'
import type { WeightedGraph } from './weighted-graph.js'

// The thread's only starter is communities-off-loop.ts, which posts exactly this.
const { graph, seed } = workerData as { graph: WeightedGraph; seed: number }
parentPort?.postMessage(findCommunities(graph, seed))
