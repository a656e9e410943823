// npm start: set-up, then `doctown up` with the arguments after `--`, in the folder where npm was called.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

const args = process.argv.slice(2)
setUp({ programs: process.env.REDIS_URL ? [] : ['redis-server'], quiet: args.includes('--quiet') })
const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'edge-worker/bin/doctown.mjs'), 'up', ...args], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? root,
})
// The terminal sends Ctrl-C to both of us; the child ends first and we pass on its code.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
