const ABBREVIATIONS: ReadonlySet<string> = new Set(
  (
    'e.g i.e eg ie cf vs viz approx resp incl excl a.k.a aka w.r.t no nos fig figs eq sec ch vol p pp mr mrs ms dr prof st ref refs al ex esp def misc ' +
    'min max ver rev est dept inc ltd co'
  ).split(' '),
)

/** No sentence that a person wrote as a summary is longer; what is, is cut at a word. Characters. */
const LONGEST = 600

/** No abbreviation and no row of closing marks is longer. Characters. */
const WINDOW = 40

export interface SentenceSplit {
  readonly first: string
  /** What follows, without the white space between. */
  readonly rest: string
}

/** Cuts a paragraph of plain text behind its first sentence. A paragraph without a full stop is one sentence. */
export function splitFirstSentence(text: string): SentenceSplit {
  const end = sentenceEnd(text, true) ?? sentenceEnd(text, false) ?? text.length
  const first = text.slice(0, end).trim()
  if (first.length <= LONGEST) return { first, rest: text.slice(end).trim() }
  const cut = text.lastIndexOf(' ', LONGEST)
  const at = cut > 0 ? cut : LONGEST
  return { first: `${text.slice(0, at).trim()} ...`, rest: text.slice(at).trim() }
}

/** Index behind the first sentence; with `brackets`, full stops between round brackets do not count. */
function sentenceEnd(text: string, brackets: boolean): number | undefined {
  const last = text.trimEnd().length
  let inCode = false
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '`') inCode = !inCode
    if (inCode) continue
    if (character === '(') depth += 1
    if (character === ')') depth = Math.max(0, depth - 1)
    if (brackets && depth > 0) continue
    if (character === '。' || character === '！' || character === '？') return at + 1
    if (character !== '.' && character !== '!' && character !== '?') continue
    // Windows, so that a text of nothing but stops is read in linear time.
    const closing = /^[.!?]*[)"'’”*]*/.exec(text.slice(at + 1, at + WINDOW))?.[0].length ?? 0
    const end = at + 1 + closing
    const after = text.slice(end, end + WINDOW)
    if (end >= last) return end
    if (/^\s+["'“‘([]*[\p{Lu}\p{N}`_<]/u.test(after) && !isAbbreviation(text.slice(Math.max(0, at + 1 - WINDOW), at + 1), after)) return end
  }
  return undefined
}

function isAbbreviation(upToStop: string, after: string): boolean {
  if (!upToStop.endsWith('.')) return false
  const word = /([\p{L}\p{N}.]+)\.$/u.exec(upToStop)?.[1]?.toLowerCase() ?? ''
  // "etc." ends a sentence when a capital follows; an initial ("J. Doe") and the short forms above do not.
  if (word === 'no') return /^\s+\d/.test(after)
  return ABBREVIATIONS.has(word) || /^\p{L}$/u.test(word)
}
