/** A run of text that must not be cut: a word, a literal, a mark, a run of blanks. */
export interface Lexeme {
  readonly text: string
  /** `prose` (the inside of a comment or of a text of several lines) may be cut between words. */
  readonly kind: 'code' | 'literal' | 'prose'
  /** The first on its line. */
  readonly opensLine: boolean
}

/**
 * Comments, strings (plain, raw, triple-quoted), characters, words and numbers, blanks, single marks. Close enough to every
 * language we read for one question only: where may a text be cut.
 */
const LEXEME = new RegExp(
  [
    String.raw`\/\/[^\n]*\n?`,
    String.raw`\/\*[^]*?(?:\*\/|$)`,
    String.raw`[bc]?r(?<hashes>#*)"[^]*?(?:"\k<hashes>|$)`,
    String.raw`"""[^]*?(?:"""|$)`,
    String.raw`'''[^]*?(?:'''|$)`,
    // Go's raw strings, templates of scripts.
    String.raw`\x60(?:[^\x60\\]|\\[^])*\x60`,
    String.raw`[bc]?"(?:[^"\\]|\\[^])*(?:"|$)`,
    String.raw`b?'(?:[^'\\\n]|\\[^'\n]+|\\')'`,
    String.raw`'?[\p{ID_Start}_][\p{ID_Continue}]*`,
    String.raw`[0-9](?:[0-9A-Za-z_]|\.(?=[0-9]))*`,
    String.raw`\r?\n`,
    String.raw`[^\S\r\n]+`,
    String.raw`[^]`,
  ].join('|'),
  'gu',
)

/** Comments, and strings of several lines: docstrings, raw strings, templates. */
const PROSE = /^(?:\/\/|\/\*|"""|'''|`)/

/** `text` in lexemes, nothing left out. `text` begins outside of any literal; `prose` says that it lies inside a comment. */
export function lexemesOf(text: string, prose: boolean): Lexeme[] {
  const lexemes: Lexeme[] = []
  let opensLine = true
  const push = (part: string, kind: Lexeme['kind']): void => {
    lexemes.push({ text: part, kind, opensLine })
    opensLine = part.endsWith('\n') || (opensLine && part.trim() === '')
  }
  if (prose) {
    for (const line of linesOf(text)) push(line, 'prose')
    return lexemes
  }
  for (const [part] of text.matchAll(LEXEME)) {
    if (PROSE.test(part)) for (const line of linesOf(part)) push(line, 'prose')
    else push(part, /["']/.test(part) && part.length > 1 ? 'literal' : 'code')
  }
  return lexemes
}

/** Words with the blanks that follow them, never half a surrogate pair. */
export function wordsOf(prose: string): string[] {
  return prose.match(/\s*\S+\s*/gu) ?? [prose]
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
