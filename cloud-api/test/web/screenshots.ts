/** Pictures of the page for a person to look at: `node cloud-api/dist/test/web/screenshots.js <folder>`. Not a test. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { chromiumPath, openBrowser } from '../support/browser.js'
import { publishSample } from '../support/samples.js'
import { ADMIN, startTestApp } from '../support/test-app.js'
import { gate, report, startWorker } from '../support/worker.js'

const folder = process.argv[2]
const chromium = chromiumPath()
if (folder === undefined || chromium === undefined) throw new Error('usage: screenshots.js <folder>, with a Chromium installed')
mkdirSync(folder, { recursive: true })

const empty = await startTestApp()
const busy = await startTestApp()
const { opened, open } = gate()
await publishSample(busy.store, { jobId: '1', bytes: new Uint8Array(2_400_000), builtAt: new Date(Date.now() - 240_000).toISOString() })
await publishSample(busy.store, {
  jobId: '2',
  repoUrl: 'github.com/rust-itertools/itertools',
  bytes: new Uint8Array(880_000),
  builtAt: new Date(Date.now() - 3_600_000).toISOString(),
})
await publishSample(busy.store, {
  jobId: '3',
  repoUrl: '127.0.0.1:4711/a-local-forge/with-a-rather-long-name-that-does-not-want-to-fit-on-a-phone',
  languages: { Rust: 120, C: 3 },
  builtAt: '2026-10-01T10:00:00.000Z',
})
const worker = await startWorker(busy.memory, async (job) => {
  const name = job.task.repo_url.split('/').at(-1)
  if (name === 'gone')
    throw new DoctownError(
      'repo_not_found',
      'There is no repository at github.com/acme/gone, or it is private: check the address, or set GIT_TOKEN.',
    )
  if (name === 'tokio') {
    await worker.report({
      ...report('training', `Training Graph on ${job.task.repo_url}`, job.job_id),
      stage: 'embed',
      done: 3120,
      total: 5204,
      execution_provider: 'cuda',
    })
    await opened
  }
  return { ...completeResult(job), duration_seconds: name === 'serde' ? 127.5 : 8.24, files_processed: name === 'serde' ? 342 : 12 }
})
const second = busy.memory.createSource({ workerName: 'shed-mini-pc-2' })
await second.report(report('idle', 'Idle', null))
for (const repo of [
  'BurntSushi/walkdir',
  'acme/gone',
  'serde-rs/serde',
  'tokio-rs/tokio',
  'rust-lang/regex',
  'rust-lang/log',
  'rust-lang/cargo',
]) {
  await fetch(`${busy.url}/api/v1/ingestion/ingest/github.com/${repo}`, { method: 'POST', headers: ADMIN })
  await sleep(150)
}

const browser = await openBrowser(chromium)
const page = await browser.context.newPage()
for (const [name, url] of [
  ['busy', busy.url],
  ['empty', empty.url],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.goto(url)
      await page.waitForTimeout(700)
      if (name === 'empty') await page.locator('summary').click()
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true })
    }
  }
}
open()
await browser.close()
process.exit(0)
