import { accessSync, constants, statSync } from 'node:fs'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { createIgnoredFiles } from '../stages/fetch/git-ignore.js'
import { decode } from '../stages/fetch/file-choice.js'
import { FETCH_LIMITS } from '../stages/fetch/fetch-limits.js'
import { listFolder, readPlainFile } from '../stages/fetch/plain-folder.js'
import { rustPublicFacts } from '../stages/graph/rust/resolve.js'
import { searchItemsOf, searchItemsOfText, type ReadItem } from './search-items.js'
import type { Stages } from './stages.js'
import { Steps, type StepOptions } from './step.js'

/** The texts of a folder, by what they are to search. */
export interface FolderFiles {
  readonly sources: readonly SourceFile[]
  readonly manifests: readonly SourceFile[]
  /** Read line by line. */
  readonly texts: readonly SourceFile[]
}

export interface FolderItems {
  readonly items: readonly ReadItem[]
  readonly files: number
  /** Files that the parser gave up: another time, on a quieter machine, it may not. */
  readonly skipped: number
  /** Seconds until everything was parsed. */
  readonly parseSeconds: number
}

/** Texts that are searched line by line where no language folder reads them. */
const TEXT_ENDINGS = (
  '.md .rst .txt .adoc .toml .yaml .yml .proto .graphql .sql .sh .py .js .mjs .cjs .jsx .ts .tsx .go .java .kt .scala .c .h .cc .cpp .hpp .cs .rb .php .swift ' +
  '.lua .zig .hs .ml .mli .ex .exs .erl .hrl .clj .cljs .cljc .dart .r .R .jl .css .html .vue .svelte .kts .sc .groovy .gradle .rake .bash .zsh .pl .pm .ps1 .psm1 ' +
  '.elm .fs .el .lisp .scm .rkt .nim .thrift .sol .tf .m .mm .cu .f90'
).split(' ')
const TEXT = 'text'

export interface FolderLanguages {
  /** Languages by file ending, and the names of the files that describe their packages. */
  readonly languages: Readonly<Record<string, string>>
  readonly manifests: readonly string[]
}

export interface ReadItemsOptions {
  readonly stages: Pick<Stages, 'parse'>
  /** What the manifests say, by language name. */
  readonly packageFacts: (manifests: readonly SourceFile[]) => Readonly<Record<string, PackageFacts>>
  readonly parallel: number
  readonly steps: StepOptions
  /** Told of every parsed file. */
  readonly onParsed?: (parsed: ParsedFile) => void
}

/**
 * Everything that can be found in a folder as it lies there, whether it is a git repository or not: what is on the disk is what a person sees.
 * Throws `folder_not_found`, `too_many_files`.
 */
export const readFolderItems = (root: string, options: FolderLanguages & ReadItemsOptions): Promise<FolderItems> =>
  itemsOfFiles(readFolderFiles(root, options), options)

/** Throws `folder_not_found`, also for a folder that may not be read, and `too_many_files`. */
export function readFolderFiles(root: string, { languages, manifests }: FolderLanguages): FolderFiles {
  if (!isFolder(root)) throw new DoctownError('folder_not_found', `There is no folder ${root}; check the path.`)
  if (!mayBeRead(root))
    throw new DoctownError('folder_not_found', `${root} may not be read; ask its owner for the right, or name another folder.`)
  return readFiles(root, languages, manifests)
}

export async function itemsOfFiles({ sources, manifests, texts }: FolderFiles, options: ReadItemsOptions): Promise<FolderItems> {
  const begin = options.steps.monotonicMs()
  const items: ReadItem[] = []
  let skipped = 0
  if (sources.length > 0) {
    const parsed: ParsedFile[] = []
    const stream = new Steps(options.steps).stream(options.stages.parse, { files: sources, manifests }, { parallel: options.parallel })
    for await (const item of stream) {
      if (item.kind === 'parsed') parsed.push(item.parsed)
      else {
        skipped += 1
        items.push(...searchItemsOfText(sources.find(({ path }) => path === item.skipped.file) ?? { path: item.skipped.file, text: '' }))
      }
    }
    // What is public, and by which path, only all files together tell.
    const rust = parsed.filter(({ language }) => language === 'Rust')
    const found = rust.length === 0 ? new Map<SymbolId, Partial<Symbol>>() : rustPublicFacts(rust, options.packageFacts(manifests)['Rust'])
    for (const file of parsed) {
      options.onParsed?.(file)
      items.push(
        ...searchItemsOf(
          found.size === 0 ? file : { ...file, symbols: file.symbols.map((symbol) => ({ ...symbol, ...found.get(symbol.id) })) },
        ),
      )
    }
  }
  for (const text of texts) items.push(...searchItemsOfText(text))
  return { items, files: sources.length + texts.length, skipped, parseSeconds: (options.steps.monotonicMs() - begin) / 1000 }
}

function readFiles(root: string, languages: Readonly<Record<string, string>>, manifestNames: readonly string[]): FolderFiles {
  const wanted = { ...Object.fromEntries(TEXT_ENDINGS.map((ending) => [ending, TEXT])), ...languages }
  const listing = listFolder(root, { languages: wanted, manifests: manifestNames, limits: FETCH_LIMITS })
  const sources: SourceFile[] = []
  const manifests: SourceFile[] = []
  const texts: SourceFile[] = []
  const gitignores = listing.files.map(({ path }) => path.toString('utf8')).filter((path) => /(?:^|\/)\.gitignore$/.test(path))
  const isIgnored = createIgnoredFiles(root, gitignores)
  for (const { path, candidate } of listing.files) {
    if (candidate === null || isIgnored(candidate.place)) continue
    const bytes = readPlainFile(root, path, FETCH_LIMITS.sourceFileBytes)?.bytes ?? null
    const content = bytes === null ? null : decode(bytes, FETCH_LIMITS.sourceFileBytes)
    if (content === null || !('text' in content)) continue
    const file: SourceFile = { path: candidate.place, language: candidate.language, text: content.text }
    if (candidate.isManifest) manifests.push({ ...file, language: null })
    if (candidate.language === TEXT) texts.push(file)
    else if (candidate.language !== null) sources.push(file)
  }
  return { sources, manifests, texts }
}

function mayBeRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
