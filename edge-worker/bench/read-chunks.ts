import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { languagesByEnding } from '../src/languages/languages.js'
import { chunkStage } from '../src/stages/chunk/stage.js'
import { parseStage } from '../src/stages/parse/stage.js'

/** Chunks of a folder's files, as the pipeline would hand them to the embed stage, within the windows of the models. */
export async function readChunks(folder: string, embedders: readonly Embedder[]): Promise<Chunk[]> {
  const endings = languagesByEnding()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings[extname(entry.name)] !== undefined)
    .map((entry): SourceFile => {
      const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
      return { path, language: endings[extname(path)] ?? null, text: readFileSync(join(folder, path), 'utf8') }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const surroundings = { log: silentLog, signal: new AbortController().signal, progress: () => {}, seed: 1, tempDir: '' }
  const parsed = async function* (): AsyncGenerator<ParsedFile> {
    const items = parseStage.run({ files, manifests: [] }, { ...surroundings, ports: { parallel: 1 } })
    for await (const item of await items) if (item.kind === 'parsed') yield item.parsed
  }
  const chunks: Chunk[] = []
  for await (const chunk of await chunkStage.run(parsed(), { ...surroundings, ports: { embedders } })) chunks.push(chunk)
  return chunks
}
