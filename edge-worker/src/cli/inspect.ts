import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { GraphEdge } from '@doctown/common/contracts/graph.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import type { Console } from './console.js'
import type { InspectFlags } from './program.js'

interface Shown {
  readonly id: string
  readonly name: string
  readonly symbol_type: string
  readonly file: string
  readonly line: number
  readonly signature: string
  readonly path: string
}

/** The manifest, or the symbols that were asked for. Throws `not_found` when no symbol has that name, path or id. */
export async function inspectCommand(file: string, flags: InspectFlags, console: Console): Promise<number> {
  const docpack = await openDocpack({ path: file })
  try {
    const asked = flags.symbol ?? flags.callers ?? flags.callees
    if (asked === null && !flags.publicApi) {
      console.answer({ ...docpack.manifest }, manifestLines(docpack.manifest))
      return 0
    }
    const symbols = await docpack.symbols()
    if (asked === null) return show(symbols.filter((symbol) => symbol.is_public_api).map(shownSymbol))

    const graph = await docpack.graph()
    const byId = new Map(symbols.map((symbol) => [symbol.id as string, symbol]))
    const named = symbols.filter(({ name, path, id }) => isCalled(asked, [name, path, id])).map((symbol) => symbol.id as string)
    const nodes = graph.nodes
      .filter((node) => node.id === asked || (node.symbol_type !== null && isCalled(asked, [node.name, pathInFile(node.id)])))
      .map((node) => node.id)
    const found = [...new Set([...named, ...nodes])]
    if (found.length === 0) {
      throw new DoctownError('not_found', `This docpack has no symbol called ${asked}; --public-api lists the public ones.`)
    }
    const wanted = flags.symbol !== null ? found : neighbours(graph.edges, new Set(found), flags.callers !== null ? 'callers' : 'callees')
    const byNode = new Map(graph.nodes.map((node) => [node.id, node]))
    return show(
      wanted.flatMap((id): Shown[] => {
        const symbol = byId.get(id)
        if (symbol !== undefined) return [shownSymbol(symbol)]
        const node = byNode.get(id)
        // A private symbol of a docpack without private ones is known by its node alone.
        return node === undefined
          ? []
          : [
              {
                id,
                name: node.name,
                symbol_type: node.symbol_type ?? 'file',
                file: node.file,
                line: node.line ?? 1,
                signature: '',
                path: '',
              },
            ]
      }),
    )
  } finally {
    docpack.close()
  }

  function show(list: readonly Shown[]): number {
    console.answer(
      list,
      list.length === 0 ? ['none'] : list.map((symbol) => `${symbol.file}:${symbol.line}  ${symbol.signature || symbol.name}`),
    )
    return 0
  }
}

/** `WalkDir`, `WalkDir::new`, `walkdir::WalkDir::new` and the whole id all name the same. */
const isCalled = (asked: string, names: readonly string[]): boolean => names.some((name) => name === asked || name.endsWith(`::${asked}`))

const pathInFile = (id: string): string => id.slice(id.indexOf('#') + 1)

const shownSymbol = ({ id, name, symbol_type, file, line, signature, path }: Symbol): Shown => ({
  id,
  name,
  symbol_type,
  file,
  line,
  signature,
  path,
})

function neighbours(edges: readonly GraphEdge[], of: ReadonlySet<string>, which: 'callers' | 'callees'): string[] {
  const calls = edges.filter((edge) => edge.kind === 'calls')
  const ids =
    which === 'callers'
      ? calls.filter((edge) => of.has(edge.target)).map((edge) => edge.source)
      : calls.filter((edge) => of.has(edge.source)).map((edge) => edge.target)
  return [...new Set(ids)].sort()
}

function manifestLines(manifest: Manifest): string[] {
  const { repository, files, generators, embeddings } = manifest
  const languages = Object.entries(manifest.languages).map(([name, count]) => `${name} ${count}`)
  return [
    `${repository.url} at ${repository.commit_sha}${repository.branch === '' ? '' : ` (${repository.branch})`}, ${manifest.generated_at}`,
    `${manifest.symbol_count} symbols; files: ${files.processed} of ${files.detected} read (${languages.join(', ')})`,
    `written by ${generators.program.name} ${generators.program.version}, docpack format ${manifest.docpack_format}; documentation: ${generators.language_model ?? 'extractive, no model text'}`,
    `vectors: ${embeddings.blocks.map((block) => `${block.name} ${block.rows} x ${block.dimensions}`).join(', ') || 'none'}`,
  ]
}
