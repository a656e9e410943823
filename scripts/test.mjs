// npm test: set-up with everything the tests need, then mocha over the compiled tests. Last line: `N passed, N failed`.
// node scripts/test.mjs [--faults] [--mocha-option=value ...] [compiled test files]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

const args = process.argv.slice(2)
const faults = args.includes('--faults')
setUp({ programs: ['redis-server', 'git', 'chromium'] })
const files = args.filter((arg) => !arg.startsWith('--'))
const folder = mkdtempSync(join(tmpdir(), 'doctown-test-'))
const counts = join(folder, 'counts.json')
const mocha = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--reporter',
    join(root, 'scripts/reporter.cjs'),
    ...(faults ? ['--timeout', '600000'] : ['--ignore', '**/dist/test/faults/**']),
    ...(files.length > 0
      ? files
      : ['common', 'cloud-api', 'edge-worker'].map((name) => `${name}/dist/test/${faults ? 'faults/' : ''}**/*.test.js`)),
    ...args.filter((arg) => arg.startsWith('--') && arg !== '--faults'),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test', ORT_DISABLE_TELEMETRY: '1', DOCTOWN_TEST_COUNTS: counts } },
)
let result = { passed: 0, failed: 0, skipped: 0 }
try {
  result = JSON.parse(readFileSync(counts, 'utf8'))
} catch {
  result.failed = 1
  process.stdout.write('mocha ended before it had counted its tests.\n')
}
rmSync(folder, { recursive: true, force: true })
if (mocha.status !== 0 && result.failed === 0) result.failed = 1
process.stdout.write(`${result.passed} passed, ${result.failed} failed${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}\n`)
process.exit(result.failed === 0 && result.passed > 0 ? 0 : 1)
