import { type Blank, brackets, spanOf, split, type StatementPlace } from './blanks.js'
import { ATTRIBUTE_NAME, BEGINNINGS, isAttribute, isKeyword, isMacroName, isOpening, TAGS } from './declaration-words.js'
import { inParameters, specifiers } from './macro-specifiers.js'
import { closingAngle, foldNames, type Token } from './tokens.js'

/** Finds the macros of one declaration that stand where the language knows no word, so that the rest parses. */
export function macrosOf(written: readonly Token[], place: StatementPlace, blanks: Blank[]): void {
  let tokens = foldNames(written)
  tokens = unwrapped(tokens, blanks)
  tokens = afterMarks(tokens, blanks)
  while (tokens[0]?.text === 'template') tokens = afterMarks(afterTemplate(tokens, written, place, blanks), blanks)
  const first = tokens[0]
  if (first === undefined) return
  const told =
    first.text === 'typedef' && tokens[1]?.kind === 'word' && isMacroName(tokens[1].text) && tokens.length === 3 ? tokens[2] : undefined
  if (told?.text === '(') {
    // `typedef PNG_CALLBACK(void, *name, (int));`
    const made = declarationInArguments(told, blanks)
    if (made !== null) blanks.push({ start: (tokens[1] as Token).start, end: made, isAttached: false })
    return
  }
  if (isStatementMacro(tokens, place)) {
    for (let at = 0; at < tokens.length; at += 2) {
      const { start, text } = tokens[at] as Token
      const group = tokens[at + 1] as Token
      const made = isMacroName(text) ? declarationInArguments(group, blanks) : null
      blanks.push({ start, end: made ?? group.end, isAttached: false })
    }
    return
  }
  if (tokens.every((token) => token.kind === 'word' && isAttribute(token.text, place)) && place.terminator !== ';') {
    if (place.terminator !== '{') for (const token of tokens) blanks.push({ ...spanOf(token), isAttached: false })
    return
  }
  if (tagged(tokens, place, blanks)) return
  specifiers(tokens, place, blanks)
}

/** What is left of a declaration without the macros in front of its first keyword. */
function afterMarks(tokens: readonly Token[], blanks: Blank[]): Token[] {
  const first = tokens.findIndex((token) => BEGINNINGS.has(token.text))
  const isMarks = tokens
    .slice(0, Math.max(first, 0))
    .every(
      (token, at) => (token.kind === 'word' && !isKeyword(token.text)) || (token.text === '(' && at > 0 && tokens[at - 1]?.kind === 'word'),
    )
  if (first <= 0 || !isMarks) return [...tokens]
  for (const [at, token] of tokens.slice(0, first).entries()) {
    if (token.kind !== 'word') continue
    const group = tokens[at + 1]?.text === '(' ? tokens[at + 1] : undefined
    blanks.push({ start: token.start, end: (group ?? token).end, isAttached: !isOpening(token.text) })
  }
  return tokens.slice(first)
}

/** `NAME(..)` alone, or several of them, is no declaration that the language knows, unless it is a constructor. */
function isStatementMacro(tokens: readonly Token[], place: StatementPlace): boolean {
  return (
    place.terminator !== '{' &&
    tokens.length % 2 === 0 &&
    // `XMLPARSEAPI(void) XML_Reset(parser);` declares a function.
    (tokens.length === 2 || isMacroName(tokens[tokens.length - 2]?.text ?? '')) &&
    tokens.every((token, at) =>
      at % 2 === 1
        ? token.text === '('
        : token.kind === 'word' && !isKeyword(token.text) && token.text !== place.className && !token.text.includes('~'),
    )
  )
}

/** `PNG_EXPORT(1, int, read, (void));` declares what its arguments say: told by where they begin, the rest is blanked. */
function declarationInArguments(group: Token, blanks: Blank[]): number | null {
  const pieces = split(group.inner)
  const parameters = pieces.findIndex((piece, index) => index >= 2 && piece.length === 1 && piece[0]?.text === '(')
  const name = pieces[parameters - 1]
  const type = pieces[parameters - 2]
  if (parameters < 0 || name === undefined || type === undefined) return null
  if (name[name.length - 1]?.kind !== 'word' || type.length === 0) return null
  const end = pieces[parameters]?.[0]?.end ?? group.end
  for (const token of group.inner) if (token.text === ',' && token.end < end) blanks.push({ ...spanOf(token), isAttached: false })
  inParameters(pieces[parameters]?.[0] ?? group, { terminator: ',', className: '', afterBody: false, attributes: new Set() }, blanks)
  blanks.push({ start: end, end: group.end, isAttached: false, text: ';' })
  return type[0]?.start ?? null
}

/** `class EXPORT Name : Base {`, `struct PACKED name;`; true when the statement is one of these. */
function tagged(tokens: readonly Token[], place: StatementPlace, blanks: Blank[]): boolean {
  const key = tokens.findIndex((token) => TAGS.has(token.text) && token.text !== 'typename')
  if (key < 0 || (place.terminator !== '{' && place.terminator !== ';')) return false
  let at = tokens[key + 1]?.text === 'class' || tokens[key + 1]?.text === 'struct' ? key + 2 : key + 1
  const names: { from: Token; to: Token }[] = []
  for (; at < tokens.length; at++) {
    const token = tokens[at] as Token
    if (token.kind !== 'word' || token.text === 'final') break
    const group = tokens[at + 1]?.text === '(' ? tokens[at + 1] : undefined
    names.push({ from: token, to: group ?? token })
    if (group !== undefined) at++
  }
  const rest = tokens[at]
  const isHead = rest === undefined || rest.text === ':' || rest.text === 'final'
  const isForward =
    place.terminator === ';' &&
    tokens[0]?.text !== 'typedef' &&
    rest === undefined &&
    names.slice(0, -1).every(({ from }) => ATTRIBUTE_NAME.test(from.text))
  if (!(place.terminator === '{' ? isHead : isForward)) return false
  // `struct FOO f(void) {` has its parameters last.
  if (names.length > 1 && names[names.length - 1]?.to.kind === 'group') return false
  for (const { from, to } of names.slice(0, -1)) blanks.push({ start: from.start, end: to.end, isAttached: false })
  for (let before = 0; before < key; before++) {
    const token = tokens[before] as Token
    if (token.kind !== 'word' || isKeyword(token.text)) continue
    const group = tokens[before + 1]?.text === '(' ? tokens[before + 1] : undefined
    blanks.push({ start: token.start, end: (group ?? token).end, isAttached: !isOpening(token.text) })
  }
  return true
}

/** Template parameters that are macros, `FMT_ENABLE_IF(..)`; tells what follows the parameters. */
function afterTemplate(tokens: readonly Token[], written: readonly Token[], place: StatementPlace, blanks: Blank[]): Token[] {
  const keyword = tokens[0] as Token
  const from = written.findIndex((token) => token.start >= keyword.end)
  const close = written[from]?.text === '<' ? closingAngle(written, from) : -1
  if (close < 0) return tokens.slice(1)
  const inside = written.slice(from + 1, close)
  for (const [at, token] of inside.entries()) {
    const group = inside[at + 1]
    if (token.kind !== 'word' || group?.text !== '(' || !isAttribute(token.text, place)) continue
    const comma = inside[at - 1]
    if (comma === undefined)
      blanks.push({ start: token.start, end: inside[at + 2]?.text === ',' ? (inside[at + 2] as Token).end : group.end, isAttached: false })
    else if (comma.text === ',') blanks.push({ start: comma.start, end: group.end, isAttached: false })
  }
  for (const [at, token] of inside.entries()) {
    // `typename enable_if<..>::type* = nullptr`: a pointer without a name takes no default there.
    if (token.text !== '=' || inside[at - 1]?.text !== '*' || inside[at + 1]?.kind !== 'word') continue
    blanks.push({ start: token.start, end: (inside[at + 1] as Token).end, isAttached: false })
  }
  const end = (written[close] as Token).end
  return foldNames(written.slice(written.findIndex((token) => token.start >= end) < 0 ? written.length : close + 1))
}

/** `name OF((int, int))`: a word around a list of parameters that stands in brackets of its own. What is left when they are gone. */
function unwrapped(tokens: readonly Token[], blanks: Blank[], depth = 0): Token[] {
  const left: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token
    const next = tokens[at + 1]
    const inner = next?.inner[0]
    if (at > 0 && token.kind === 'word' && next?.text === '(' && inner !== undefined && isDoubled(next) && isProtoMacro(token.text)) {
      blanks.push({ ...spanOf(token), isAttached: false }, ...brackets(next))
      left.push(inner)
      at++
    } else
      left.push(
        token.kind === 'group' && token.inner.length > 1 && depth < 3
          ? { ...token, inner: unwrapped(token.inner, blanks, depth + 1) }
          : token,
      )
  }
  return left
}

function isProtoMacro(word: string): boolean {
  return isMacroName(word) || word === 'OF' || word === '_' || word === '__P'
}

function isDoubled(group: Token): boolean {
  return group.inner.length === 1 && group.inner[0]?.text === '('
}
