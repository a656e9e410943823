import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { droppedBranches } from './conditionals.js'
import type { Blank } from './blanks.js'
import { scanSource, type Directive, type Span } from './scan.js'
import { findMacros } from './statements.js'

/** What the grammar is given in place of a file, of the same length and with the same lines, and what was left out of it. */
export interface Shadow {
  readonly text: string
  readonly comments: readonly Span[]
  readonly directives: readonly Directive[]
  /** Branches of `#if` that are not read, in order. */
  readonly dropped: readonly Span[]
  /** Macros in front of declarations, in order. */
  readonly marks: readonly Blank[]
}

const shadows = new WeakMap<SourceFile, Partial<Record<'c' | 'cpp', Shadow>>>()

/**
 * C and C++ as they look behind the preprocessor, as far as one file tells: its lines are blanked, of branches that tear a
 * declaration apart one stays, and macros that stand where the language has no word are blanked too. Offsets stay true.
 */
export function shadowOf(file: SourceFile, dialect: 'c' | 'cpp'): Shadow {
  const known = shadows.get(file) ?? {}
  shadows.set(file, known)
  return (known[dialect] ??= makeShadow(file.text, dialect === 'cpp'))
}

function makeShadow(text: string, isCpp: boolean): Shadow {
  const { comments, directives, quiet } = scanSource(text)
  const dropped = droppedBranches({ text, directives, quiet, isCpp })
  // The grammar knows no comment without an end.
  const open = comments.filter(({ start, end }) => end === text.length && text.startsWith('/*', start) && !text.endsWith('*/'))
  const bare = blanked(text, [...directives, ...dropped, ...open])
  const marks = findMacros(bare, quiet, attributeMacros(directives)).sort((a, b) => a.start - b.start)
  return { text: blanked(bare, marks), comments, directives, dropped, marks }
}

/** Spaces in place of the spans, line breaks kept. Spans may lie in one another. */
function blanked(text: string, spans: readonly (Span & { readonly text?: string })[]): string {
  const sorted = [...spans].sort((a, b) => a.start - b.start)
  const parts: string[] = []
  let at = 0
  for (const { start, end, text: instead = '' } of sorted) {
    if (end <= at) continue
    const from = Math.max(start, at)
    const written = start === from && start + instead.length <= end ? instead : ''
    parts.push(text.slice(at, from), written, text.slice(from + written.length, end).replace(/[^\r\n]/g, ' '))
    at = end
  }
  parts.push(text.slice(at))
  return parts.join('')
}

/** Macros that the file itself makes stand for nothing, a keyword or an attribute. */
function attributeMacros(directives: readonly Directive[]): Set<string> {
  const found = new Set<string>()
  for (const { word, rest } of directives) {
    const match = word === 'define' ? /^\s*(\w+)(\([^)]*\))?\s*(.*)$/.exec(rest) : null
    if (match?.[1] !== undefined && ATTRIBUTE_BODY.test(match[3]?.trim() ?? '')) found.add(match[1])
  }
  return found
}

const ATTRIBUTE_BODY =
  /^(?:__attribute(?:__)?\s*\(.*|__declspec\s*\(.*|\[\[.*|extern(?:\s*"C")?(?:\s+\w+)?|static(?:\s+\w+)?|(?:__)?inline(?:__)?|const|volatile|restrict|__restrict(?:__)?|__cdecl|__stdcall|__fastcall|constexpr|noexcept(?:\(.*\))?|_Noreturn|explicit|)$/
