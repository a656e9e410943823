/**
 * The fetch stage over real smart HTTP beside `git clone --depth 1 --bare`: seconds (best of three) and the child's peak memory.
 *
 *     npm run bench:fetch -- [--repos <folder of bare repositories>] [--files 20000] [--bomb-mib 500] [--json]
 */
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asDoctownError } from '@doctown/common/contracts/errors.js'
import { residentBytes } from '../src/stages/fetch/memory-guard.js'
import { fetchFrom } from '../test/support/fetch-run.js'
import { git } from '../test/support/git-command.js'
import { startGitServer } from '../test/support/git-server.js'
import { writeRawRepository } from '../test/support/raw-git.js'
import { makeWalkdirRepository } from '../test/support/walkdir-repository.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'
import type { Figure } from '@doctown/common/test/support/bench-report.js'

const options = benchOptions({
  bench: import.meta.url,
  options: {
    repos: { type: 'string' },
    files: { type: 'string', default: '20000' },
    'bomb-mib': { type: 'string', default: '500' },
    json: { type: 'boolean' },
  },
})
const scratch = await mkdtemp(join(tmpdir(), 'doctown-bench-'))
const figures: Figure[] = []
try {
  await makeWalkdirRepository(join(scratch, 'walkdir.git'), { bare: true })
  await measure(scratch, 'walkdir.git')
  for (const name of options.repos === undefined ? [] : readdirSync(options.repos).filter((entry) => entry.endsWith('.git'))) {
    await measure(options.repos ?? '', name)
  }
  makeMany(join(scratch, 'many'), Number(options.files))
  await measure(scratch, 'many/.git', { floorSeconds: 10 })
  writeRawRepository(join(scratch, 'bomb.git'), [
    { mode: '100644', name: { text: 'spaces.rs' }, blob: { fill: '20', bytes: Number(options['bomb-mib']) * 1024 * 1024 } },
  ])
  await measure(scratch, 'bomb.git', { fails: 'repo_too_large', floorSeconds: 60 })
} finally {
  await rm(scratch, { recursive: true })
}
printReport({ bench: 'fetch', figures, json: options.json === true })

async function measure(
  root: string,
  name: string,
  expected: { readonly fails?: string; readonly floorSeconds?: number } = {},
): Promise<void> {
  const server = await startGitServer(root)
  const id = name.replace(/[/.]*git$/, '')
  try {
    const seconds: number[] = []
    const peak = watchChildren()
    let outcome = ''
    for (let round = 0; round < (expected.fails === undefined ? 3 : 1); round++) {
      const start = performance.now()
      outcome = await fetchFrom(server, name).then(
        ({ files }) => String(files.length),
        (error: unknown) => asDoctownError(error).code,
      )
      seconds.push((performance.now() - start) / 1000)
    }
    const best = Math.min(...seconds)
    const isRight = expected.fails === undefined ? Number(outcome) > 0 : outcome === expected.fails
    figures.push({
      id: `${id}_seconds${expected.floorSeconds === undefined ? '' : '_at_most'}`,
      value: best,
      unit: 's',
      floor: expected.floorSeconds ?? null,
      ok: isRight && best <= (expected.floorSeconds ?? Infinity),
    })
    figures.push({ id: `${id}_child_peak`, value: peak.stop() / 1024 / 1024, unit: 'MiB', floor: null, ok: true })
    if (expected.fails !== undefined) return
    figures.push({ id: `${id}_files`, value: Number(outcome), unit: 'files', floor: null, ok: true })
    const start = performance.now()
    await cloneWithGit(`${server.origin}/${name}`, join(scratch, 'native'))
    figures.push({ id: `${id}_native_git_seconds`, value: (performance.now() - start) / 1000, unit: 's', floor: null, ok: true })
  } finally {
    await server.close()
  }
}

/** The server runs in this process, so git must not block it. */
async function cloneWithGit(url: string, folder: string): Promise<void> {
  await new Promise((resolve) =>
    spawn('git', ['clone', '--quiet', '--depth=1', '--bare', url, folder], { stdio: 'ignore' }).on('close', resolve),
  )
  await rm(folder, { recursive: true, force: true })
}

/** The most memory that any child of this process held, looked at every 20 ms. Linux only; 0 elsewhere. */
function watchChildren(): { readonly stop: () => number } {
  let most = 0
  const timer = setInterval(() => {
    if (process.platform !== 'linux') return
    const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1').trim().split(' ')
    for (const pid of pids) void residentBytes(Number(pid)).then((bytes) => (most = Math.max(most, bytes ?? 0)))
  }, 20)
  return {
    stop: () => {
      clearInterval(timer)
      return most
    },
  }
}

function makeMany(folder: string, files: number): void {
  git('/', ['init', '--quiet', '--initial-branch=main', folder])
  for (let i = 0; i < files; i++) {
    if (i < 200) mkdirSync(join(folder, `d${i}`))
    writeFileSync(join(folder, `d${i % 200}/f${i}.rs`), `/// Item ${i}.\npub fn f${i}() -> u32 { ${i} }\n`.repeat(20))
  }
  git(folder, ['add', '--all'])
  git(folder, ['commit', '--quiet', '--message=many'])
}
