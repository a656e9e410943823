import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { rust } from '../../../src/languages/rust/language.js'
import { parseFile } from '../../../src/stages/parse/parse-file.js'
import { graphStage } from '../../../src/stages/graph/stage.js'
import { stageContext } from '../context.js'

/** Files by path, manifests and build scripts among them; one text stands for `src/lib.rs` of the package `krate`. */
export type Repository = string | Readonly<Record<string, string>>

const MANIFEST = '[package]\nname = "krate"\n'

/** Symbols of a small Rust repository as the graph stage tells them. */
export async function rustSymbols(repository: Repository): Promise<Symbol[]> {
  const given = typeof repository === 'string' ? { 'src/lib.rs': repository } : repository
  const files = Object.keys(given).some((path) => path.endsWith('Cargo.toml')) ? given : { 'Cargo.toml': MANIFEST, ...given }
  const sources = Object.entries(files).map(([path, text]) => ({ path, language: 'Rust', text }))
  const packages = rust.packageFacts(sources.filter(({ path }) => /(?:^|\/)(?:Cargo\.toml|build\.rs)$/.test(path)))
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const parsed = sources
    .filter(({ path }) => path.endsWith('.rs'))
    .map((file) => parse(file, packages))
    .map((file) => rust.complete?.(file, byPath, packages) ?? file)
  const { symbols } = await graphStage.run({ files: parsed, packages: { Rust: packages } }, stageContext({}))
  return [...symbols]
}

/** Kinds and paths of what is public, sorted: `fn krate::a::f`. Impl blocks are left out, their members are not. */
export async function publicPaths(repository: Repository): Promise<string[]> {
  const symbols = await rustSymbols(repository)
  return symbols
    .filter((symbol) => symbol.is_public_api && symbol.symbol_type !== 'impl')
    .map((symbol) => `${WORDS[symbol.symbol_type] ?? symbol.symbol_type} ${symbol.path}`)
    .sort()
}

const WORDS: Readonly<Record<string, string | undefined>> = { function: 'fn', method: 'fn', type_alias: 'type', module: 'mod' }

function parse(file: { readonly path: string; readonly language: string; readonly text: string }, packages: PackageFacts): ParsedFile {
  const parsed = parseFile({ file, language: rust, packages, parsers: new Map() })
  if (typeof parsed === 'string') throw new Error(`${file.path} was given up: ${parsed}`)
  return parsed
}
