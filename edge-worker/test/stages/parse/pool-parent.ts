/** Run by pool.test.ts: has a child parse for long, tells the child's process id and is then killed. */
import { createParserPool } from '../../../src/stages/parse/pool.js'
import { rustFile } from './collect.js'

const pool = createParserPool({ size: 1, packages: {}, log: { warn: () => {} }, onSpawn: (pid) => process.send?.(pid) })
await pool.parse([rustFile('src/slow.rs', 'a<b,c>(d);'.repeat(20_000))])
