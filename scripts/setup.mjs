// Everything that a fresh machine needs before Doctown can run: packages, the build, and on Debian as root the system's own programs.
// Plain JavaScript, no dependency: it runs before anything is installed. Importing it does nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const DEBIAN_PACKAGES = { 'redis-server': 'redis-server', git: 'git', chromium: 'chromium' }

/** Checks Node, installs what package-lock.json names, builds, and looks for the programs named. Exits with a sentence when it cannot. */
export function setUp({ programs, quiet = false }) {
  checkNode()
  for (const program of programs) ensureProgram(program)
  if (!isInstalled()) {
    say('Installing packages (about half a minute) ...')
    run('npm', ['ci', '--no-fund', '--no-audit'], 'npm could not install the packages; its last lines say why.', quiet)
  }
  say('Building ...', !quiet && !existsSync(join(root, 'edge-worker/dist/src/bin/cli.js')))
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], 'The build failed; the lines above say where.', quiet)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Doctown needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.`)
}

/** On Debian as root a missing program is installed; elsewhere the person is told which package has it. */
function ensureProgram(program) {
  if (onPath(program) || (program === 'redis-server' && onPath('valkey-server'))) return
  const name = DEBIAN_PACKAGES[program]
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`Installing Debian's package ${name} ...`)
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env: environment }
    if (spawnSync('apt-get', ['install', '-y', '-qq', name], options).status !== 0) {
      spawnSync('apt-get', ['update', '-qq'], options)
      spawnSync('apt-get', ['install', '-y', '-qq', name], options)
    }
    if (onPath(program)) return
  }
  fail(
    `${program} is missing. Install it (Debian and Ubuntu: sudo apt-get install ${name}; macOS: brew install ${name.replace('-server', '')}) and try again.`,
  )
}

const onPath = (program) => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))

/** True when node_modules holds every package of the lock file in its version. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(want).every(
    ([path, entry]) =>
      !path.includes('node_modules/') || entry.link || entry.optional || entry.peer || have[path]?.version === entry.version,
  )
}

function run(command, args, sentence, quiet) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', quiet ? 'ignore' : 2, 2] })
  if (result.status !== 0) fail(sentence)
}

function say(line, wanted = true) {
  if (wanted) process.stderr.write(`${line}\n`)
}

function fail(sentence) {
  process.stderr.write(`doctown: ${sentence}\n`)
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp({ programs: ['redis-server', 'git'] })
