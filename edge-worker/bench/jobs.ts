/**
 * npm run bench:jobs -- --corpus DIR [--json]
 * The repositories of a corpus, served over smart HTTP and submitted at once to the whole house (Redis, API, one worker):
 * complete history entries, downloads that verify, seconds from submission to the last end.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyInThread } from '@doctown/common/docpack/verify-in-thread.js'
import { startGitServer } from '../test/support/git-server.js'
import { startStack } from '../test/support/stack.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'
import { unpackCorpus } from './unpack-corpus.js'

const values = benchOptions({
  bench: import.meta.url,
  required: ['corpus'],
  options: { corpus: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const corpus = unpackCorpus(values.corpus)
const git = await startGitServer(corpus.folder)
const stack = await startStack({ allowedHosts: git.origin })
try {
  await stack.startWorker()
  const names = Object.keys(corpus.repositories)
  const begin = performance.now()
  const jobs = await Promise.all(names.map((name) => stack.submit(`${git.host}/${name}.git`)))
  let verified = 0
  for (const [index, job] of jobs.entries()) {
    const state = await stack.ended(job, 300_000)
    if (state.output === undefined) {
      console.error(`${names[index]}: ${state.status} ${state.error ?? ''}`)
      continue
    }
    const file = join(stack.folder, `${names[index]}.docpack`)
    writeFileSync(file, await stack.download(state.output.docpack_id))
    const { ok, problems } = await verifyInThread({ path: file })
    if (ok) verified++
    else console.error(`${names[index]}: ${JSON.stringify(problems.slice(0, 3))}`)
  }
  const seconds = (performance.now() - begin) / 1000
  const rows = await stack.history()
  const complete = rows.filter((row) => row['status'] === 'complete').length
  printReport({
    bench: 'jobs',
    json: values.json,
    figures: [
      {
        id: 'complete_history_entries',
        value: complete,
        unit: 'jobs',
        floor: names.length,
        ok: complete === names.length && rows.length === names.length,
      },
      { id: 'downloads_verified', value: verified, unit: 'docpacks', floor: names.length, ok: verified === names.length },
      { id: 'seconds_for_all', value: seconds, unit: 's', floor: null, ok: true },
    ],
  })
} finally {
  await stack.close()
  await git.close()
  corpus.remove()
}
process.exit()
