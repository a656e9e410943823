import { closingAngle, foldNames, type Token } from './tokens.js'
import type { Span } from './scan.js'

/** A piece of text that the grammar would stumble over. */
export interface Blank extends Span {
  /** It belongs to the declaration that follows: an export mark, an attribute. */
  readonly isAttached: boolean
  /** What stands there instead, no longer than the span. */
  readonly text?: string
}

export interface StatementPlace {
  /** `;`, `{`, `}`, or empty at the end of the text. */
  readonly terminator: string
  /** Name of the class around it, whose constructors have no type. */
  readonly className: string
  /** It goes on after the body of a struct: `} PACKED name;`. */
  readonly afterBody: boolean
  /** Macros that this file itself makes stand for nothing or for an attribute. */
  readonly attributes: ReadonlySet<string>
}

const BASIC_TYPES = new Set(
  'void char short int long float double signed unsigned bool _Bool wchar_t char8_t char16_t char32_t auto decltype __int64 __int128 _Complex'.split(
    ' ',
  ),
)
/** How a function is called is no business of its readers, and not all places of these words are known to the grammar. */
const CALLING = new Set(['__cdecl', '__stdcall', '__fastcall', '__thiscall', '__vectorcall'])
const TAGS = new Set(['struct', 'union', 'enum', 'class', 'typename'])
const OTHER_KEYWORDS = new Set(
  (
    'static extern inline const volatile register restrict typedef virtual explicit constexpr consteval constinit mutable friend thread_local ' +
    'template using namespace export operator public private protected __inline __inline__ __restrict __restrict__ __volatile__ __const ' +
    '__extension__ _Noreturn _Thread_local _Alignas alignas static_assert _Static_assert noexcept override final throw requires concept ' +
    '__attribute__ __declspec __asm__ asm __cdecl __stdcall __fastcall __thiscall default delete new return if else for while do switch case goto'
  ).split(' '),
)
/** What export marks, calling conventions and attributes are usually called. */
const ATTRIBUTE_NAME =
  /API|EXPORT|IMPORT|EXTERN|CALL|DECL|INLINE|ATTR|DEPRECATED|PUBLIC|PUBFUN|LOCAL|VISIB|RETURN|DISCARD|WARN|PURE|CONST|UNUSED|USED|FORCE|LINKAGE|ABI|THROW|HIDDEN|STATIC|NOEXCEPT|NONNULL|FAR$|NEAR$|BEGIN|END$|FUNC|COLD|HOT|GUARDED|MUST|PRINTF|FORMAT|PACK/

export function isMacroName(word: string): boolean {
  return /^(?:[A-Z][A-Z0-9_]*[A-Z0-9][A-Z0-9_]*|_+[A-Z][A-Z0-9_]*)$/.test(word) && word.length > 2
}

interface Candidate extends Span {
  readonly text: string
  readonly isMacro: boolean
  /** It has arguments: `DEPRECATED("soon")`. */
  readonly group: Token | undefined
}

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

/** Words that begin a declaration: a name that stands before one of them is a macro. */
const BEGINNINGS = new Set(
  'namespace using template typedef class struct union enum static extern inline __inline constexpr virtual explicit friend'.split(' '),
)

/** A word that no name stands in front of. */
export function beginsDeclaration(word: string): boolean {
  return BEGINNINGS.has(word) || BASIC_TYPES.has(word) || word === 'const'
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

/** The words before a name: one type, and whatever else stands there is a macro. */
function specifiers(tokens: readonly Token[], place: StatementPlace, blanks: Blank[]): void {
  let hasType = place.afterBody
  const before: Candidate[] = []
  const behind: Candidate[] = []
  let isPointer = false
  let name: Candidate | undefined
  let at = 0
  for (; at < tokens.length && name === undefined; at++) {
    const token = tokens[at] as Token
    if (token.kind === 'literal') continue
    if (CALLING.has(token.text)) blanks.push({ ...spanOf(token), isAttached: false })
    else if (token.text === '*' || token.text === '&') isPointer = true
    else if (token.text === '[' && token.kind === 'group') continue
    else if (token.text === '~' && tokens[at + 2]?.text === '(') {
      hasType = true
      at += 3
      break
    } else if (token.kind === 'word' && /(?:^|::)operator$/.test(token.text)) {
      // A cast has no type in front of it.
      if (tokens[at + 1]?.kind === 'word' && !/^(?:new|delete|co_await)$/.test(tokens[at + 1]?.text ?? '')) hasType = true
      at = afterOperator(tokens, at, place, blanks)
      break
    } else if (token.kind !== 'word') break
    else if (token.text === 'decltype' || token.text === 'alignas' || token.text === '__attribute__' || token.text === '__declspec') {
      hasType ||= token.text === 'decltype'
      if (tokens[at + 1]?.text === '(') at++
    } else if (BASIC_TYPES.has(token.text)) hasType = true
    else if (TAGS.has(token.text)) {
      hasType = true
      at++
    } else if (!isKeyword(token.text)) {
      const group = tokens[at + 1]?.text === '(' ? tokens[at + 1] : undefined
      const after = tokens[group === undefined ? at + 1 : at + 2]
      const isMacro = isAttribute(token.text, place)
      const isLast =
        after?.kind === 'word' && tokens[tokens.length - 1] === after && ATTRIBUTE_NAME.test(after.text) && isAttribute(after.text, place)
      const candidate: Candidate = { start: token.start, end: (group ?? token).end, text: token.text, isMacro, group }
      if (group !== undefined && after?.text === '(' && isMacro) {
        // `BZ_API(name)(int level)`: the name stands in the brackets.
        blanks.push({ ...spanOf(token), isAttached: false }, ...brackets(group))
        name = { ...candidate, isMacro: false }
        at++
      } else if (
        group !== undefined &&
        isMacro &&
        after !== undefined &&
        (after.kind === 'word' ? !TRAILING.has(after.text) && !isLast : after.text === '*')
      ) {
        ;(isPointer ? behind : before).push(candidate)
        at++
      } else if (group !== undefined && after?.text === '(') {
        // `int (*handler)(int)`, where the type has a name of its own.
        before.push({ ...candidate, end: token.end, group: undefined })
        break
      } else if (
        group !== undefined ||
        after === undefined ||
        (after.kind !== 'word' && !'*&[~'.includes(after.text)) ||
        after.text === '['
      ) {
        name = candidate
        if (group !== undefined) at++
      } else (isPointer ? behind : before).push(candidate)
    }
  }
  let rest = tokens.slice(at)
  const isConstructor = name?.group !== undefined && isConstructorName(name.text, place.className)
  const allowed = hasType || isConstructor ? 0 : 1
  const ids = [...before, ...behind]
  const previous = ids[ids.length - 1]
  if (name?.isMacro === true && previous !== undefined && !previous.isMacro && ids.length > (behind.length > 0 ? before.length : allowed)) {
    // `int size GUARDED_BY(lock);`
    blanks.push({ start: name.start, end: name.end, isAttached: false })
    if (behind.length > 0) behind.pop()
    else before.pop()
  } else if (name?.group !== undefined) inParameters(name.group, place, blanks)
  for (const one of behind) blanks.push({ start: one.start, end: one.end, isAttached: false })
  const dropped = excess(before, allowed)
  for (const one of dropped) blanks.push({ start: one.start, end: one.end, isAttached: !isOpening(one.text) })
  const type = before.find((one) => !dropped.includes(one))
  if (type?.group !== undefined && allowed === 1 && name !== undefined && isTypeText(type.group)) {
    // `PyAPI_FUNC(int) name(void)`: the type stands in the brackets.
    const { start, end } = type.group
    blanks.push({ start: type.start, end: start + 1, isAttached: true }, { start: end - 1, end, isAttached: false })
  }
  while (rest[0]?.text === '(' || rest[0]?.kind === 'group') {
    declaratorGroup(rest[0], rest[1], place, blanks)
    rest = rest.slice(1)
  }
  trailing(rest, place, blanks)
}

/** Where an operator's parameters end: `operator==(..)`, `operator()(..)`, `operator bool()`. */
function afterOperator(tokens: readonly Token[], operator: number, place: StatementPlace, blanks: Blank[]): number {
  let at = operator + 1
  if (tokens[at]?.text === '(' && tokens[at + 1]?.text === '(') at++
  while (at < tokens.length && tokens[at]?.text !== '(') at++
  const group = tokens[at]
  if (group !== undefined) inParameters(group, place, blanks)
  return at + 1
}

/** Of more words than a declaration has room for, those that look most like macros. */
function excess(candidates: readonly Candidate[], allowed: number): readonly Candidate[] {
  if (candidates.length <= allowed) return []
  const weight = ({ text, isMacro, group }: Candidate): number =>
    (isMacro && ATTRIBUTE_NAME.test(text) ? 4 : 0) + (group === undefined ? 0 : isTypeText(group) ? -2 : 2) + (isMacro ? 1 : 0)
  return candidates
    .map((candidate, index) => ({ candidate, index }))
    .sort((a, b) => weight(b.candidate) - weight(a.candidate) || a.index - b.index)
    .slice(0, candidates.length - allowed)
    .map(({ candidate }) => candidate)
}

const HARD = new Set([',', 'template', 'typename', '<', ':'])
const TRAILING = new Set(['const', 'volatile', 'noexcept', 'override', 'final', 'throw', 'requires', 'try'])

/** Macros after the parameters: `void f(int) NOEXCEPT ATTRIBUTE(x);`. */
function trailing(tokens: readonly Token[], place: StatementPlace, blanks: Blank[]): void {
  for (const [at, token] of tokens.entries()) {
    const group = tokens[at + 3]
    if (token.text === '-' && tokens[at + 1]?.text === '>' && tokens[at + 2]?.text === 'decltype' && group?.kind === 'group') {
      // An expression with commas or templates in it is more than the grammar takes for a type.
      if (group.inner.some(({ text }) => HARD.has(text)))
        blanks.push({ start: (tokens[at + 2] as Token).start, end: group.end, isAttached: false, text: 'auto' })
    }
    if (token.kind === 'sign' && token.text !== '&') return
    if (token.kind !== 'word' || isKeyword(token.text) || !isAttribute(token.text, place)) continue
    const args = tokens[at + 1]?.text === '(' ? tokens[at + 1] : undefined
    blanks.push({ start: token.start, end: (args ?? token).end, isAttached: false })
  }
}

function inParameters(group: Token, place: StatementPlace, blanks: Blank[]): void {
  for (const piece of split(group.inner)) {
    const value = piece.findIndex((token) => token.text === '=')
    const braces = piece[value + 1]
    // The grammar knows no `= {}` here, and no default of a pointer without a name.
    const isNameless = '*&'.includes(piece[value - 1]?.text ?? ' ')
    if (value > 0 && isNameless)
      blanks.push({ start: (piece[value] as Token).start, end: (piece[piece.length - 1] as Token).end, isAttached: false })
    else if (value >= 0 && braces?.text === '{') blanks.push({ start: (piece[value] as Token).start, end: braces.end, isAttached: false })
    if (piece.length > 1) specifiers(foldNames(piece), { ...place, className: '', afterBody: false, terminator: ',' }, blanks)
  }
}

/** `(WINAPI *handler)` before parameters: what stands before the star is no type. */
function declaratorGroup(group: Token, next: Token | undefined, place: StatementPlace, blanks: Blank[]): void {
  if (group.text !== '(') return
  const [first, star] = group.inner
  if (next?.text === '(' && first?.kind === 'word' && star === undefined) blanks.push(...brackets(group))
  else if (next?.text === '(' && first?.kind === 'word' && (star?.text === '*' || star?.text === '^'))
    blanks.push({ ...spanOf(first), isAttached: false })
  else if (next?.text !== '(') inParameters(group, place, blanks)
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

function isTypeText(group: Token): boolean {
  return (
    group.inner.length > 0 &&
    group.inner.every(
      (token) => (token.kind === 'word' && !/^\d/.test(token.text)) || token.text === '*' || token.text === ':' || token.text === '&',
    )
  )
}

function isConstructorName(name: string, className: string): boolean {
  const segments = name.split('::')
  const last = segments[segments.length - 1] ?? ''
  return last.startsWith('~') || last === className || (segments.length > 1 && last === segments[segments.length - 2])
}

function isAttribute(word: string, { attributes }: StatementPlace): boolean {
  return attributes.has(word) || isMacroName(word)
}

/** A macro that opens or closes a region speaks of no declaration. */
function isOpening(word: string): boolean {
  return /BEGIN|END|DECLS|NAMESPACE|DISABLE|OBJECT$/.test(word)
}

function isKeyword(word: string): boolean {
  return BASIC_TYPES.has(word) || TAGS.has(word) || OTHER_KEYWORDS.has(word)
}

function split(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [[]]
  for (const token of tokens) {
    if (token.text === ',' && token.kind === 'sign') pieces.push([])
    else pieces[pieces.length - 1]?.push(token)
  }
  return pieces
}

function brackets(group: Token): Blank[] {
  return [
    { start: group.start, end: group.start + 1, isAttached: false },
    { start: group.end - 1, end: group.end, isAttached: false },
  ]
}

function spanOf({ start, end }: Token): Span {
  return { start, end }
}
