/**
 * npm run bench:pipeline -- [--corpus DIR] [--repo DIR ...] [--include-private] [--json]
 * Builds each repository through `doctown build` in a process of its own and shows where the time went; beside it a bare
 * tree-sitter loop over the same files in the same run. Without arguments: the walkdir fixture.
 */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { checkOut, unpackCorpus } from './unpack-corpus.js'

interface Built {
  readonly summary: { readonly files_processed: number; readonly duration_ms: number }
  readonly stages: readonly { readonly name: string; readonly seconds: number }[]
  readonly peak_rss_bytes: number
}

/** Whole-build limits of the issue, by repository of the corpus: seconds and bytes. */
const LIMITS: Readonly<Record<string, number>> = { 'medium-itertools': 8, 'large-workspace': 60 }
const PEAK_BYTES = 1024 ** 3

const values = benchOptions({
  bench: import.meta.url,
  options: {
    corpus: { type: 'string' },
    repo: { type: 'string', multiple: true },
    'include-private': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const root = repositoryRoot()
const work = mkdtempSync(join(tmpdir(), 'doctown-bench-'))
const corpus = values.corpus === undefined ? null : unpackCorpus(values.corpus)
const figures: Figure[] = []
try {
  const repositories =
    corpus?.repositories ??
    Object.fromEntries((values.repo ?? [join(root, 'edge-worker/test/fixtures/walkdir')]).map((path) => [basename(path), path]))
  for (const [name, path] of Object.entries(repositories)) {
    const begin = performance.now()
    const built = build(path, join(work, `${name}.docpack`))
    const seconds = (performance.now() - begin) / 1000
    const bareSeconds = await bareLoop(path.endsWith('.git') ? checkOut(path, join(work, name)) : path)
    if (!values.json) show(name, built, seconds, bareSeconds)
    const limit = LIMITS[name] ?? null
    figures.push(
      { id: `${name}.seconds_at_most`, value: seconds, unit: 's', floor: limit, ok: limit === null || seconds <= limit },
      {
        id: `${name}.peak_at_most`,
        value: built.peak_rss_bytes / 2 ** 20,
        unit: 'MiB',
        floor: PEAK_BYTES / 2 ** 20,
        ok: built.peak_rss_bytes <= PEAK_BYTES,
      },
      { id: `${name}.files_per_second`, value: built.summary.files_processed / seconds, unit: 'files/s', floor: null, ok: true },
      { id: `${name}.ratio_to_bare_parse`, value: seconds / bareSeconds, unit: 'x', floor: null, ok: true },
    )
  }
} finally {
  rmSync(work, { recursive: true, force: true })
  corpus?.remove()
}
printReport({ bench: 'pipeline', figures, json: values.json })

function build(path: string, out: string): Built {
  const args = [join(root, 'edge-worker/bin/doctown.mjs'), 'build', path, '--json', '--quiet', '--out', out]
  if (values['include-private']) args.push('--include-private')
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Built
}

/** Seconds of the least that any such tool must do: start, read each Rust file and parse it, one process. */
async function bareLoop(folder: string): Promise<number> {
  const begin = performance.now()
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.rs'))
  const child = fork(new URL('./bare-parse-child.js', import.meta.url), [], { serialization: 'advanced' })
  const done = once(child, 'message')
  child.send(paths.map((path) => readFileSync(join(folder, path), 'utf8')))
  await done
  child.disconnect()
  return (performance.now() - begin) / 1000
}

function show(name: string, built: Built, seconds: number, bareSeconds: number): void {
  const files = built.summary.files_processed
  console.log(
    `\n${name}: ${files} files, ${seconds.toFixed(2)} s whole, peak ${(built.peak_rss_bytes / 2 ** 20).toFixed(0)} MiB, ${(seconds / bareSeconds).toFixed(1)} x a bare parse loop (${bareSeconds.toFixed(2)} s)`,
  )
  console.log(`  ${'stage'.padEnd(10)} ${'seconds'.padStart(8)} ${'files/s'.padStart(9)} ${'share'.padStart(7)}`)
  const inStages = built.stages.reduce((sum, stage) => sum + stage.seconds, 0)
  for (const stage of [...built.stages, { name: 'start-up', seconds: Math.max(0, seconds - inStages) }]) {
    const rate = stage.seconds > 0 ? (files / stage.seconds).toFixed(0) : '-'
    console.log(
      `  ${stage.name.padEnd(10)} ${stage.seconds.toFixed(2).padStart(8)} ${rate.padStart(9)} ${((100 * stage.seconds) / seconds).toFixed(1).padStart(6)}%`,
    )
  }
}
