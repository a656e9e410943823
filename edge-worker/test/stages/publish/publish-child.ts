/** Run by kill.test.ts: publishes one docpack with the stores of a machine without network, and says when it begins and ends. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { JobIdSchema } from '@doctown/common/contracts/ids.js'
import { createFilesystemObjectStore } from '@doctown/common/ports/object-store/filesystem.js'
import { createLocalVectorStore } from '@doctown/common/ports/vector-store/local.js'
import type { PackageOutput } from '../../../src/pipeline/stage-io.js'
import { publishStage } from '../../../src/stages/publish/stage.js'
import { stageContext } from '../context.js'
import { packageInput, type PackageSketch } from '../package/package-fixture.js'

const [folder = '', docpackFile = '', job = '', sketch = '{}'] = process.argv.slice(2)
const input = packageInput(JSON.parse(sketch) as PackageSketch)
// Written by kill.test.ts, which packed it once for all runs.
const { bytes, ...rest } = JSON.parse(readFileSync(docpackFile, 'utf8')) as Omit<PackageOutput, 'bytes'> & { bytes: string }
const ports = {
  objectStore: await createFilesystemObjectStore({ folder: join(folder, 'objects') }),
  vectorStore: await createLocalVectorStore({ folder: join(folder, 'vectors'), compactFromBytes: 50_000 }),
  keepPerRepository: 1,
}
process.stdout.write('begun\n')
await publishStage.run(
  {
    job_id: JobIdSchema.parse(job),
    docpack: { ...rest, bytes: Buffer.from(bytes, 'base64') },
    symbols: input.symbols,
    graph: input.graph,
    embedded: input.embedded,
    searchTexts: input.searchTexts,
    structure: input.structure,
    private: false,
    execution_provider: 'typescript',
    duration_ms: 1,
    cost_usd: 0,
    built_at: '2026-11-22T00:00:00.000Z',
  },
  stageContext(ports),
)
process.stdout.write('ended\n')
