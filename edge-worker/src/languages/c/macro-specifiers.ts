import { type Blank, brackets, isTypeText, spanOf, split, type StatementPlace } from './blanks.js'
import { ATTRIBUTE_NAME, BASIC_TYPES, CALLING, isAttribute, isKeyword, isOpening, TAGS } from './declaration-words.js'
import type { Span } from './scan.js'
import { foldNames, type Token } from './tokens.js'

interface Candidate extends Span {
  readonly text: string
  readonly isMacro: boolean
  /** It has arguments: `DEPRECATED("soon")`. */
  readonly group: Token | undefined
}

/** The words before a name: one type, and whatever else stands there is a macro. */
export function specifiers(tokens: readonly Token[], place: StatementPlace, blanks: Blank[]): void {
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

export function inParameters(group: Token, place: StatementPlace, blanks: Blank[]): void {
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

function isConstructorName(name: string, className: string): boolean {
  const segments = name.split('::')
  const last = segments[segments.length - 1] ?? ''
  return last.startsWith('~') || last === className || (segments.length > 1 && last === segments[segments.length - 2])
}
