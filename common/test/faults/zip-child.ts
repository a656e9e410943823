/** Run by zip.test.ts: verifies one file and tells how far memory grew and how long the event loop was away. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { verifyDocpack } from '../../src/docpack/verify.js'

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
await new Promise((go) => setTimeout(go, 100))
delay.reset()
const before = process.memoryUsage().rss
const { ok, problems } = await verifyDocpack({ path: process.argv[2] ?? '' })
await new Promise((go) => setTimeout(go, 20))
// The process's own highest mark; getrusage's is inherited from whoever started it.
const peakKiB = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
const growth = Number(peakKiB) * 1024 - before
process.stdout.write(JSON.stringify({ ok, code: problems[0]?.code, growth, lagMs: Math.round(delay.max / 1e6) }))
