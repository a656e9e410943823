/**
 * The process that loads the parser's native code. It may be killed at any moment; the parent knows which file it had.
 * Run by fork() only.
 */
import type Parser from 'tree-sitter'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import { languageOf } from '../../languages/languages.js'
import type { ChildSettings, ToChild, ToParent } from './messages.js'
import { parseFile } from './parse-file.js'
import { toTransit } from './transit.js'

/** Native trees are freed only when the event loop turns: 162 MB instead of 1,037 MB over 2,500 files (dependencies.md, 5). */
const FILES_BETWEEN_TURNS = 20

let settings: ChildSettings = { packages: {}, limitMs: LIMITS.parseFileMs, references: true }
const parsers = new Map<Parser.Language, Parser>()
let filesSinceTurn = 0

process.on('message', (message: ToChild) => {
  if (message.kind === 'settings') settings = message
  else void answer(message)
})
// The parent is gone: nobody will read an answer.
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group; the parent decides when we end.
process.on('SIGINT', () => {})

await send({ kind: 'ready' })

async function answer(message: Extract<ToChild, { kind: 'files' }>): Promise<void> {
  await send({ kind: 'begun', rssBytes: process.memoryUsage.rss() })
  for (const file of message.files) {
    const language = languageOf(file)
    const item =
      language === undefined
        ? 'unsupported_language'
        : parseFile({ file, language, ...settings, packages: settings.packages[language.name], parsers })
    await send(typeof item === 'string' ? { kind: 'skipped', reason: item } : { kind: 'parsed', parsed: toTransit(item) })
    if (++filesSinceTurn % FILES_BETWEEN_TURNS === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Resolves when the message has left the process, so that a crash in the next file cannot take this answer with it. */
function send(message: ToParent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })
}
