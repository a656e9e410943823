// The page of a Doctown: polls the same public routes that any client has, and draws what they say.
// Text from repositories is only ever set as text; there is no HTML made of strings in here.

const STATUS_MS = 2_000
const HISTORY_MS = 10_000
const DOCPACKS_MS = 60_000
const PATIENCE_MS = 8_000
/** After failures the page asks less often, up to this. */
const SLOWEST_MS = 20_000
const TOKEN_KEY = 'doctown.adminToken'
const STAGES = ['fetch', 'parse', 'chunk', 'embed', 'graph', 'cluster', 'train', 'generate', 'package', 'publish']
const MOST_SLOTS = 40
/** Providers that are worth a word; the others are what every machine has. */
const GPUS = ['cuda', 'webgpu']

const at = (id) => document.getElementById(id)

/** An element with text or children; nothing here can become markup. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue
    if (key === 'text') made.textContent = value
    else if (key.startsWith('data-') || key.startsWith('aria-') || key === 'role') made.setAttribute(key, value)
    else made[key] = value
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

class Refusal extends Error {
  constructor(status, body) {
    super(typeof body.detail === 'string' ? body.detail : `The server answered ${status}.`)
    this.status = status
    this.code = body.error
  }
}

/** Addresses are relative, so that the page works under any prefix. Throws a Refusal, or what fetch throws when nobody answers. */
async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) })
  at('version').textContent = `Doctown ${response.headers.get('x-doctown-version') ?? ''}`
  const body = await response.json()
  if (!response.ok) throw new Refusal(response.status, body)
  return body
}

// ---- words and numbers

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`

function duration(seconds) {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function ago(iso) {
  const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000)
  if (Number.isNaN(seconds)) return ''
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${Math.round(seconds)} s ago`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 30 * 86_400) return plural(Math.round(seconds / 86_400), 'day') + ' ago'
  return new Date(iso).toISOString().slice(0, 10)
}

const time = (iso) => element('time', { dateTime: iso, title: iso, text: ago(iso) })

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

/** Only what is plainly a repository on a public host is worth a link. */
function repository(repoUrl) {
  const isPublic = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}\/[\w.-]+\/[\w.-]+$/.test(repoUrl)
  return isPublic
    ? element('a', { href: `https://${repoUrl}`, rel: 'noopener noreferrer', text: repoUrl })
    : element('span', { text: repoUrl })
}

/** Draws only when something has changed, so that a selection or a screen reader's place is not lost every two seconds. */
function draw(place, key, make) {
  if (place.dataset.drawn === key) return
  place.dataset.drawn = key
  place.replaceChildren(...make())
}

// ---- workers and queue

const stateOf = (status) =>
  status === 'Idle'
    ? 'idle'
    : status === 'Offline'
      ? 'offline'
      : status.startsWith('Training')
        ? 'training'
        : status.startsWith('Error')
          ? 'error'
          : 'unknown'

const HINTS = {
  idle: 'A worker takes one repository at a time through these ten steps.',
  offline: 'A worker takes one repository at a time through these ten steps. “doctown up” starts one on any machine.',
}
const SENTENCES = { Idle: 'Idle, waiting for work', Offline: 'Offline: no worker is connected' }

function drawStatus({ status, workers, queue_size: waiting, max_queue_size: most }) {
  const state = stateOf(status)
  const place = at('status')
  place.dataset.state = state
  const sentence = SENTENCES[status] ?? status
  // Setting the same text again would make a screen reader say it again.
  if (at('status-text').textContent !== sentence) at('status-text').textContent = sentence
  document.title = state === 'training' ? `${status} · Doctown` : 'Doctown'
  drawStages(workers.find((worker) => worker.status === status)?.stage)
  drawWorkers(workers)
  drawQueue(waiting, most, state)
  const hint = HINTS[state]
  at('now-hint').hidden = hint === undefined
  at('now-hint').textContent = hint ?? ''
}

function drawStages(stage) {
  const now = STAGES.indexOf(stage)
  draw(at('stages'), String(now), () =>
    STAGES.map((name, index) =>
      element('li', {
        text: name,
        'data-is': index < now ? 'done' : index === now ? 'now' : 'next',
        'aria-current': index === now ? 'step' : null,
      }),
    ),
  )
}

function drawWorkers(workers) {
  const place = at('workers')
  place.hidden = workers.length === 0
  const key = workers.map(({ name }) => name).join('\n')
  draw(place, key, () =>
    workers.map(({ name }) =>
      element(
        'li',
        {},
        element('div', { className: 'line' }, element('strong', { text: name }), element('span', { className: 'quiet seen' })),
        element('progress', { max: 1, 'aria-label': `Progress of ${name}` }),
        element('div', { className: 'quiet what' }),
      ),
    ),
  )
  workers.forEach((worker, index) => updateWorker(place.children[index], worker))
}

function updateWorker(row, { status, stage, done, total, execution_provider: provider, last_heartbeat: heartbeat }) {
  row.querySelector('.seen').textContent = status === 'Offline' ? 'offline' : `seen ${ago(heartbeat)}`
  const bar = row.querySelector('progress')
  const isKnown = stage !== undefined && done !== undefined && total !== undefined && total > 0
  bar.hidden = !isKnown
  if (isKnown) bar.value = Math.min(1, done / total)
  const parts = [
    stage === undefined ? (SENTENCES[status] ?? status) : stage,
    isKnown
      ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
      : done !== undefined && stage !== undefined
        ? done.toLocaleString('en')
        : null,
    provider === undefined || !GPUS.includes(provider) ? null : `on ${provider}`,
  ]
  row.querySelector('.what').textContent = parts.filter((part) => part !== null).join(' · ')
}

function drawQueue(waiting, most, state) {
  if (waiting === undefined || most === undefined) {
    at('queue-text').textContent = 'Not known'
    at('slots').hidden = true
    return
  }
  at('queue-text').textContent = `${waiting} of ${most} waiting`
  at('slots').hidden = most > MOST_SLOTS
  draw(at('slots'), `${waiting}/${most}`, () =>
    Array.from({ length: Math.min(most, MOST_SLOTS) }, (_, index) => element('li', index < waiting ? { 'data-taken': '' } : {})),
  )
  at('queue-hint').textContent =
    waiting >= most
      ? 'The queue is full. A place is free again when the next job starts.'
      : waiting === 0
        ? 'Nothing waits: the next repository starts at once' + (state === 'offline' ? ' when a worker is back.' : '.')
        : `${plural(most - waiting, 'place')} free.`
}

// ---- history

const SIGNS = { complete: '✓', failed: '✕', skipped: '–', cancelled: '○' }

function drawHistory({ jobs }) {
  at('history').hidden = jobs.length === 0
  at('history-empty').hidden = jobs.length > 0
  at('history-empty').textContent = 'No job has ended yet. The first one will appear here.'
  draw(at('jobs'), JSON.stringify(jobs) + Math.floor(Date.now() / 60_000), () => jobs.map(historyRow))
}

function historyRow(job) {
  const cell = (className, ...children) => element('td', { className, role: 'cell' }, ...children)
  const why = reason(job)
  return element(
    'tr',
    { role: 'row' },
    cell('repo', repository(job.repo_url), why === null ? null : element('span', { className: 'why', text: why })),
    cell('', element('span', { className: 'mark', 'data-status': job.status, 'data-sign': SIGNS[job.status] ?? '?', text: job.status })),
    cell('number took', job.duration_seconds === undefined ? '' : duration(job.duration_seconds)),
    cell('number files', job.files_processed === undefined ? '' : job.files_processed.toLocaleString('en')),
    cell('when', time(job.timestamp)),
  )
}

function reason(job) {
  if (job.status === 'failed') return job.error
  if (job.status === 'skipped') return `${job.reason} (it had waited ${duration(job.age_seconds)})`
  const skips = Object.entries(job.skips ?? {}).map(([name, count]) => `${count} × ${name.replaceAll('_', ' ')}`)
  return skips.length === 0 ? null : `left out: ${skips.join(', ')}`
}

// ---- docpacks

let pages = 1

async function loadDocpacks() {
  const query = at('find').value.trim()
  const found = []
  let cursor = null
  for (let page = 0; page < pages; page += 1) {
    const parameters = new URLSearchParams({ ...(query === '' ? {} : { query }), ...(cursor === null ? {} : { cursor }) })
    const part = await ask(`api/docpacks?${parameters}`)
    found.push(...part.docpacks)
    cursor = part.next_cursor
    if (cursor === null) break
  }
  at('more').hidden = cursor === null
  at('find-label').hidden = query === '' && found.length === 0
  at('docpacks-empty').hidden = found.length > 0
  at('docpacks-empty').textContent =
    query === ''
      ? 'The shelf is empty. A repository that is submitted and built stands here.'
      : `No docpack of a repository like “${query}”.`
  draw(at('docpacks'), JSON.stringify(found) + Math.floor(Date.now() / 60_000), () => found.map(docpackRow))
}

function docpackRow(docpack) {
  const facts = [
    plural(docpack.symbol_count, 'symbol'),
    Object.keys(docpack.languages).join(', '),
    [docpack.branch, docpack.commit_sha.replace(/^worktree-/, '').slice(0, 7)].filter((part) => part !== '').join(' @ '),
    docpack.verified_share === null ? '' : `${Math.round(docpack.verified_share * 100)} % of claims verified`,
  ].filter((fact) => fact !== '')
  return element(
    'li',
    {},
    element('span', { className: 'name' }, repository(docpack.repo_url)),
    element('span', { className: 'facts' }, `${facts.join(' · ')} · built `, time(docpack.built_at)),
    element('a', {
      className: 'get',
      href: `api/docpacks/${encodeURIComponent(docpack.docpack_id)}/download`,
      download: '',
      text: `Download, ${size(docpack.size_bytes)}`,
      'aria-label': `Download the docpack of ${docpack.repo_url}, ${size(docpack.size_bytes)}`,
    }),
  )
}

// ---- asking again and again

const troubles = new Map()

/** What is wrong now, in one place; empty when all is well. */
function notice(who, error) {
  if (error === null) troubles.delete(who)
  else if (error instanceof Refusal) troubles.set(who, `${error.message} What you see may be out of date.`)
  else
    troubles.set(
      who,
      navigator.onLine ? 'Doctown does not answer. Trying again…' : 'You are offline. This page goes on by itself when you are back.',
    )
  const [first] = troubles.values()
  at('notice').hidden = first === undefined
  if (at('notice').textContent !== (first ?? '')) at('notice').textContent = first ?? ''
}

/** Runs `load` every so often while the page is looked at, less often while it fails, and at once when told. */
function repeat(name, everyMs, load) {
  let timer
  let failures = 0
  let isRunning = false
  const run = async () => {
    clearTimeout(timer)
    if (isRunning) return
    isRunning = true
    try {
      await load()
      failures = 0
      notice(name, null)
    } catch (error) {
      failures += 1
      notice(name, error)
    }
    isRunning = false
    const waitMs = failures === 0 ? everyMs : Math.max(everyMs, Math.min(SLOWEST_MS, everyMs * 2 ** Math.min(failures, 4)))
    if (!document.hidden) timer = setTimeout(run, waitMs)
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : void run()))
  addEventListener('online', () => void run())
  void run()
  return run
}

let lastSeen = null
let lastDocpacks = null

const docpacks = repeat('docpacks', DOCPACKS_MS, loadDocpacks)
const history = repeat('history', HISTORY_MS, async () => {
  const found = await ask('api/v1/ingestion/jobs/history?limit=20')
  drawHistory(found)
  const made = found.jobs.map((job) => job.docpack_id ?? '').join()
  if (lastDocpacks !== null && made !== lastDocpacks) void docpacks()
  lastDocpacks = made
})
repeat('status', STATUS_MS, async () => {
  try {
    const found = await ask('api/v1/ingestion/worker/status')
    drawStatus(found)
    const seen = `${found.status}/${found.queue_size}`
    if (lastSeen !== null && seen !== lastSeen) void history()
    lastSeen = seen
  } catch (error) {
    at('status').dataset.state = 'unknown'
    at('status-text').textContent = 'Not known'
    throw error
  }
})

at('more').addEventListener('click', () => {
  pages += 1
  void docpacks()
})
let typing
at('find').addEventListener('input', () => {
  clearTimeout(typing)
  pages = 1
  typing = setTimeout(() => void docpacks(), 250)
})

// ---- submitting, for whoever holds the token

function savedToken() {
  try {
    return sessionStorage.getItem(TOKEN_KEY) ?? ''
  } catch {
    // A browser may forbid storage; then the token is typed each time.
    return ''
  }
}

function saveToken(token) {
  try {
    if (token === '') sessionStorage.removeItem(TOKEN_KEY)
    else sessionStorage.setItem(TOKEN_KEY, token)
  } catch {
    // As above.
  }
  at('forget').hidden = token === ''
}

function tell(kind, text) {
  at('submit-result').dataset.is = kind
  at('submit-result').textContent = text
}

at('token').value = savedToken()
at('forget').hidden = savedToken() === ''
at('forget').addEventListener('click', () => {
  at('token').value = ''
  saveToken('')
  tell('good', 'Forgotten.')
})

at('submit').addEventListener('submit', async (event) => {
  event.preventDefault()
  const [repo, ref, token] = ['repo', 'ref', 'token'].map((id) => at(id).value.trim())
  at('repo').setAttribute('aria-invalid', String(repo === ''))
  at('token').setAttribute('aria-invalid', String(token === ''))
  if (repo === '') return void (tell('bad', 'Which repository? For example github.com/BurntSushi/walkdir.'), at('repo').focus())
  if (token === '') return void (tell('bad', 'The admin token is needed to submit.'), at('token').focus())
  const button = at('submit').querySelector('button[type=submit]')
  button.disabled = true
  tell('', 'Sending…')
  try {
    const query = ref === '' ? '' : `?${new URLSearchParams({ ref })}`
    const job = await ask(`api/v1/ingestion/ingest/${encodeURIComponent(repo)}${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    saveToken(token)
    tell(
      'good',
      job.queue_position === 0
        ? `Job ${job.job_id} is running already.`
        : `Job ${job.job_id} is in the queue, place ${job.queue_position}.`,
    )
    at('repo').value = ''
    at('ref').value = ''
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) saveToken('')
    at('repo').setAttribute('aria-invalid', String(error instanceof Refusal && error.code === 'invalid_repo_url'))
    tell('bad', error instanceof Refusal ? error.message : 'Doctown does not answer. Nothing was submitted, as far as this page knows.')
  }
  button.disabled = false
})
