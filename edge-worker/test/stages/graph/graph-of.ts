import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { GraphOutput } from '../../../src/pipeline/stage-io.js'
import { graphStage } from '../../../src/stages/graph/stage.js'
import { extractText } from '../../languages/rust/extract-text.js'
import { stageContext } from '../context.js'

/** The graph of Rust files given by path; one text stands for `src/lib.rs`. */
export async function graphOf(source: string | Readonly<Record<string, string>>): Promise<GraphOutput> {
  return graphOfParsed(parsedFiles(source))
}

export function parsedFiles(source: string | Readonly<Record<string, string>>): ParsedFile[] {
  const files = typeof source === 'string' ? { 'src/lib.rs': source } : source
  return Object.entries(files)
    .filter(([path]) => path.endsWith('.rs'))
    .map(([path, text]) => extractText(text, path, files['Cargo.toml']))
}

export async function graphOfParsed(
  files: readonly ParsedFile[],
  packages: Readonly<Record<string, PackageFacts>> = {},
): Promise<GraphOutput> {
  return graphStage.run({ files, packages }, stageContext({}))
}

/** Edges of one kind as `caller -> callee`, the paths of ids alone. */
export function edgesOf({ graph }: GraphOutput, kind: string): string[] {
  const short = (id: string): string => (id.includes('#') ? id.slice(id.indexOf('#') + 1) : id)
  return graph.edges.filter((edge) => edge.kind === kind).map((edge) => `${short(edge.source)} -> ${short(edge.target)}`)
}
