import { asDoctownError, type ErrorCode } from '../contracts/errors.js'
import { documentEntryName } from './entry-name.js'
import { SEARCH_ENTRY } from './content.js'
import { openDocpack, type DocpackReader } from './read.js'
import type { DocpackSource } from './zip-directory.js'

export interface IntegrityProblem {
  /** `invalid_docpack`, `unsafe_entry`, `docpack_too_large`, `docpack_too_new`; `not_found` for a file that is not there. */
  readonly code: ErrorCode
  /** `null` when the whole file is meant. */
  readonly entry: string | null
  readonly detail: string
}

export interface Integrity {
  readonly ok: boolean
  /** Entries looked at, manifest.json included. */
  readonly entries: number
  /** The first hundred. */
  readonly problems: readonly IntegrityProblem[]
}

const MAX_PROBLEMS = 100

/**
 * Unpacks every entry, holds each against its checksum, its hash and its contract, and the entries against each other. Never throws for a bad docpack.
 * Holds symbols.json, graph.json or one document at a time; for a stranger's upload use `verifyInThread`.
 */
export async function verifyDocpack(source: DocpackSource): Promise<Integrity> {
  const problems: IntegrityProblem[] = []
  const note = (entry: string | null, error: unknown): void => {
    const { code, message } = asDoctownError(error, 'invalid_docpack')
    if (problems.length < MAX_PROBLEMS) problems.push({ code, entry, detail: message })
  }
  let docpack: DocpackReader
  try {
    docpack = await openDocpack(source)
  } catch (error) {
    note(null, error)
    return { ok: false, entries: 0, problems }
  }
  try {
    // Hashes first: only what the manifest vouches for is parsed. Documents are small and many, so they are read once and not twice.
    const documents: NamedDocument[] = []
    for (const name of docpack.names) {
      try {
        if (name.startsWith('docs/')) documents.push({ name, symbol: (await docpack.documentAt(name)).symbol })
        else await docpack.check(name)
      } catch (error) {
        note(name, error)
      }
    }
    if (problems.length === 0) await checkContents(docpack, documents, note)
    return { ok: problems.length === 0, entries: docpack.names.length + 1, problems }
  } finally {
    docpack.close()
  }
}

interface NamedDocument {
  readonly name: string
  readonly symbol: string
}

type Note = (entry: string | null, error: unknown) => void

async function checkContents(docpack: DocpackReader, documents: readonly NamedDocument[], note: Note): Promise<void> {
  const { manifest } = docpack
  const say = (entry: string, detail: string): void => note(entry, new Error(detail))
  const required = ['symbols.json', 'graph.json', 'clusters.json', 'symbol_contexts.json', 'chunks.json', 'overview.md', 'llms.txt']
  for (const name of required) if (!docpack.has(name)) say(name, `This docpack lacks ${name}.`)
  const attempt = async <T>(name: string, run: () => Promise<T>): Promise<T | undefined> => {
    if (!docpack.has(name)) return undefined
    return run().catch((error: unknown) => {
      note(name, error)
      return undefined
    })
  }

  const symbols = new Set<string>((await attempt('symbols.json', () => docpack.symbols()))?.map(({ id }) => id) ?? [])
  if (symbols.size !== manifest.symbol_count)
    say('symbols.json', `The manifest counts ${manifest.symbol_count} symbols, here are ${symbols.size}.`)
  for (const { name, symbol } of documents) {
    if (!symbols.has(symbol)) say(name, `This document is of a symbol that symbols.json does not list: ${symbol}.`)
    else if (documentEntryName(symbol) !== name) say(name, `This document is of another symbol: ${symbol}.`)
  }
  const rest = (await attempt('docs-rest.jsonl', () => docpack.documentsInRest())) ?? []
  const stranger = rest.find(({ symbol }) => !symbols.has(symbol))
  if (stranger !== undefined) say('docs-rest.jsonl', `Here is a document of a symbol that symbols.json does not list: ${stranger.symbol}.`)
  if (rest.length !== manifest.documents_in_rest) {
    say('docs-rest.jsonl', `The manifest counts ${manifest.documents_in_rest} documents there, here are ${rest.length}.`)
  }

  const nodes = await attempt('graph.json', async () => {
    const graph = await docpack.graph()
    const ids = new Set<string>(graph.nodes.map(({ id }) => id))
    const loose = graph.edges.find(({ source, target }) => !ids.has(source) || !ids.has(target))
    if (loose !== undefined) say('graph.json', `An edge from ${loose.source} to ${loose.target} has an end that is no node.`)
    return ids
  })
  const unknown = (await attempt(SEARCH_ENTRY, () => docpack.searchTexts()))?.find(
    ({ symbol_id }) => symbol_id !== null && nodes?.has(symbol_id) === false,
  )
  if (unknown !== undefined) say(SEARCH_ENTRY, `Here are words of ${unknown.symbol_id}, which graph.json does not have.`)
  await attempt('clusters.json', () => docpack.clusters())
  await attempt('symbol_contexts.json', () => docpack.contexts())
  const chunks = await attempt('chunks.json', async () => (await docpack.chunks()).length)
  const rows = { small: chunks, text: chunks, structure: nodes?.size }
  let bytes = 0
  for (const block of manifest.embeddings.blocks) {
    if (block.rows !== rows[block.name])
      say('embeddings.bin', `The block ${block.name} has ${block.rows} rows, ${rows[block.name]} belong to it.`)
    if (block.offset !== bytes) say('embeddings.bin', `The block ${block.name} does not begin where the one before it ends.`)
    bytes += block.rows * block.dimensions * 4
  }
  const there = await attempt('embeddings.bin', async () => (await docpack.read('embeddings.bin')).byteLength)
  if ((there ?? 0) !== bytes) say('embeddings.bin', `The manifest tells of ${bytes} bytes of vectors, here are ${there ?? 0}.`)
}
