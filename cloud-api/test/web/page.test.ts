import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { chromiumPath, openBrowser, type Browser } from '../support/browser.js'
import { publishSample } from '../support/samples.js'
import { ADMIN, ADMIN_TOKEN, startTestApp, type TestApp } from '../support/test-app.js'
import { gate, report, startWorker } from '../support/worker.js'

const chromium = chromiumPath()
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Markup where a repository, a branch or an error could carry it. */
const HOSTILE = '<img src=x onerror="window.hacked=1">'

describe(`the page${chromium === undefined ? ' (skipped: no Chromium on this machine; install one or set CHROMIUM_PATH)' : ''}`, function () {
  this.timeout(60_000)
  let browser: Browser
  let api: TestApp
  let page: Page
  let complaints: string[]

  before(async function () {
    if (chromium === undefined) return this.skip()
    browser = await openBrowser(chromium)
  })
  after(() => browser?.close())
  beforeEach(async () => {
    api = await startTestApp({ environment: { RATE_LIMIT_READS: '0' } })
    page = await browser.context.newPage()
    complaints = []
    page.on('console', (message) => {
      // A refused request is told by the page itself; what counts is what its own code or the policy complains of.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
  })
  afterEach(async () => {
    await page.close()
    await api.close()
    assert.deepEqual(complaints, [])
  })

  const submit = (name: string): Promise<Response> =>
    fetch(`${api.url}/api/v1/ingestion/ingest/github.com/user/${name}`, { method: 'POST', headers: ADMIN })
  const text = (selector: string): Promise<string> => page.locator(selector).innerText()
  const shows = (selector: string, part: string): Promise<unknown> =>
    page.locator(selector).filter({ hasText: part }).first().waitFor({ timeout: 15_000 })

  it('explains itself to a newcomer when nothing has happened yet', async () => {
    await page.goto(api.url)
    await shows('#status', 'Offline')
    await shows('#queue-text', '0 of 10 waiting')
    assert.equal(await page.locator('#slots li').count(), 10)
    await shows('#history-empty', 'No job has ended yet')
    await shows('#docpacks-empty', 'shelf is empty')
    assert.match(await text('.about'), /docpack is one file/)
    assert.equal(await page.locator('#notice').isVisible(), false)
  })

  it('shows the worker, its stage, the queue, the end of jobs and a docpack that downloads, each as it happens', async () => {
    await page.goto(api.url)
    const { opened, open } = gate()
    const worker = await startWorker(api.memory, async (job) => {
      if (job.task.repo_url.endsWith('gone')) throw new DoctownError('repo_not_found', `There is no repository ${HOSTILE}`)
      await worker.report({
        ...report('training', `Training Graph on ${job.task.repo_url}`, job.job_id),
        stage: 'embed',
        done: 3,
        total: 4,
      })
      await opened
      const record = await publishSample(api.store, { jobId: job.job_id, repoUrl: job.task.repo_url })
      return { ...completeResult(job), docpack_id: record.docpack_id }
    })
    await submit('gone')
    await submit('slow')
    for (const name of ['a', 'b', 'c']) await submit(name)
    await shows('#status', 'Training Graph on github.com/user/slow')
    await shows('#queue-text', '3 of 10 waiting')
    assert.equal(await page.locator('#slots li[data-taken]').count(), 3)
    assert.equal(await text('#stages [aria-current=step]'), 'embed')
    await shows('#workers', '3 of 4')
    assert.equal(await page.locator('#workers progress').evaluate((bar: { value: number }) => bar.value), 0.75)
    await shows('#jobs', 'There is no repository')
    assert.match(await text('#jobs .mark'), /failed/)
    open()
    await shows('#jobs', 'complete')
    await shows('#docpacks', 'github.com/user/slow')
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#docpacks .get').first().click()])
    assert.match(download.suggestedFilename(), /^(a|b|c|slow)-abcdef0\.docpack$/)
    await shows('#status', 'Idle')
    await worker.stop({ graceMs: 0 })
  })

  it('shows text from a repository only as text', async () => {
    await publishSample(api.store, { jobId: '1', repoUrl: `github.com/a/${HOSTILE}`, languages: { [HOSTILE]: 1 } })
    const worker = await startWorker(api.memory, async () => {
      throw new DoctownError('repo_not_found', HOSTILE)
    })
    await submit('x')
    await worker.report(report('error', `Error: ${HOSTILE}`, null))
    await page.goto(api.url)
    await shows('#docpacks', HOSTILE)
    await shows('#jobs', HOSTILE)
    await shows('#status', HOSTILE)
    assert.equal(await page.locator('main img').count(), 0)
    assert.equal(await page.evaluate('window.hacked'), undefined)
    await worker.stop({ graceMs: 0 })
  })

  it('submits for who has the token, keeps it in the tab alone, and repeats the server’s words when refused', async () => {
    await page.goto(api.url)
    await page.locator('summary').click()
    const send = page.getByRole('button', { name: 'Put it in the queue' })
    await send.click()
    await shows('#submit-result', 'Which repository?')
    await page.getByLabel('Repository', { exact: true }).fill('http://127.0.0.1/o/r')
    await page.getByLabel('Admin token').fill(ADMIN_TOKEN)
    await send.click()
    await shows('#submit-result', 'Invalid repository URL')
    await page.getByLabel('Repository', { exact: true }).fill('https://github.com/BurntSushi/walkdir')
    await page.getByLabel('Branch, tag or commit').fill('master')
    await page.keyboard.press('Enter')
    await shows('#submit-result', 'Job 1 is in the queue, place 1.')
    assert.equal((await api.memory.queue.find('1' as never))?.task.git_ref, 'master')
    assert.deepEqual(
      await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie, location.href.includes("token")]'),
      [1, 0, '', false],
    )
    await page.getByRole('button', { name: 'Forget the token' }).click()
    assert.equal(await page.evaluate('sessionStorage.length'), 0)
    await page.getByLabel('Repository', { exact: true }).fill('github.com/a/b')
    await page.getByLabel('Admin token').fill('wrong')
    await send.click()
    await shows('#submit-result', 'Invalid or missing authentication token')
  })

  it('says what is away, keeps what it has, and goes on by itself', async () => {
    const worker = await startWorker(api.memory, async (job) => completeResult(job))
    await submit('done')
    await page.goto(api.url)
    await shows('#jobs', 'github.com/user/done')
    api.memory.setOutage('Connection timeout')
    await shows('#notice', 'Redis unavailable: Connection timeout')
    await shows('#jobs', 'github.com/user/done')
    api.memory.setOutage(null)
    await page.locator('#notice').waitFor({ state: 'hidden', timeout: 30_000 })
    await browser.context.setOffline(true)
    await shows('#notice', 'offline')
    await browser.context.setOffline(false)
    await page.locator('#notice').waitFor({ state: 'hidden', timeout: 30_000 })
    await worker.stop({ graceMs: 0 })
  })

  it('finds a repository on the shelf and says when there is none', async () => {
    await publishSample(api.store, { jobId: '1', repoUrl: 'github.com/BurntSushi/walkdir' })
    await publishSample(api.store, { jobId: '2', repoUrl: 'github.com/tokio-rs/tokio' })
    await page.goto(api.url)
    await shows('#docpacks', 'tokio')
    await page.getByLabel('Find a repository').fill('WALK')
    await page.locator('#docpacks', { hasText: 'tokio' }).waitFor({ state: 'detached' })
    await shows('#docpacks', 'walkdir')
    await page.getByLabel('Find a repository').fill('nothing like it')
    await shows('#docpacks-empty', 'No docpack of a repository like')
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 1280]) {
      it(`has nothing that axe objects to, and no sideways scrolling: ${colorScheme}, ${width} px`, async () => {
        await publishSample(api.store, { jobId: '1', repoUrl: `127.0.0.1:4711/${'a-very-long-name'.repeat(6)}` })
        const worker = await startWorker(api.memory, async (job) => completeResult(job))
        await submit('done')
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.goto(api.url)
        await shows('#jobs', 'done')
        await shows('#docpacks', 'a-very-long-name')
        await page.locator('summary').click()
        await page.evaluate(axeSource)
        const { violations, passes } = (await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations, passes }) => ({ violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')), passes: passes.map(({ id }) => id) }))`,
        )) as { violations: string[]; passes: string[] }
        assert.ok(passes.includes('color-contrast') && passes.includes('label'), 'axe has looked')
        assert.deepEqual(violations, [])
        assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
        await worker.stop({ graceMs: 0 })
      })
    }
  }

  it('works by keyboard alone: the first stop skips to the content, all others can be seen', async () => {
    await page.goto(api.url)
    await shows('#status', 'Offline')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'SUMMARY')
    assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.id'), 'repo')
  })
})
