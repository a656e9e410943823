/** Run by write.test.ts under other time zones and locales: prints the hashes of the sample docpack at the given commit times. */
import { sampleDocpack } from '../support/sample-docpack.js'

const times = JSON.parse(process.argv[2] ?? '[]') as number[]
process.stdout.write(JSON.stringify(times.map((committedAt) => sampleDocpack({ committedAt }).sha256)))
