// Writes the generated parts of docs/: npm run docs. A test fails when they are stale.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { configurationPage } from '../edge-worker/dist/test/support/configuration-page.js'

writeFileSync(join(root, 'docs/configuration.md'), configurationPage())
