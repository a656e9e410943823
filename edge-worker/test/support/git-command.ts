import { spawnSync } from 'node:child_process'

/** The real git, blind to this machine's and this user's settings. Gives trimmed standard output; throws with git's own words. */
export function git(folder: string, args: readonly string[], options: { readonly input?: string | Uint8Array } = {}): string {
  const run = spawnSync('git', [...args], { cwd: folder, env: gitEnvironment(), input: options.input, maxBuffer: 256 * 1024 * 1024 })
  if (run.error) throw run.error
  if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr.toString('utf8')}`)
  return run.stdout.toString('utf8').trim()
}

/** Fixed names and dates, so that the same files always give the same commit. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const who = { NAME: 'corpus', EMAIL: 'corpus@example.invalid', DATE: '2024-01-01T00:00:00 +0000' }
  const identity = Object.fromEntries(
    (['AUTHOR', 'COMMITTER'] as const).flatMap((role) => Object.entries(who).map(([field, value]) => [`GIT_${role}_${field}`, value])),
  )
  return {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
    ...identity,
  }
}
