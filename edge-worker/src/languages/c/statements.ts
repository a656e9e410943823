import type { Blank } from './blanks.js'
import { beginsDeclaration, isMacroName } from './declaration-words.js'
import { macrosOf } from './macro-words.js'
import type { Span } from './scan.js'
import { Tokenizer, type Token } from './tokens.js'

type ScopeKind = 'file' | 'class' | 'enum'

interface Scope {
  readonly kind: ScopeKind
  readonly className: string
}

/**
 * Goes through the declarations of a text whose directives are blanked already, bodies of functions left out, and tells
 * which macros in them the grammar would stumble over. Never looks back: its time is linear in the text.
 */
export function findMacros(text: string, quiet: readonly Span[], attributes: ReadonlySet<string>): Blank[] {
  const blanks: Blank[] = []
  const tokens = new Tokenizer(text, quiet)
  const scopes: Scope[] = [{ kind: 'file', className: '' }]
  let statement: Token[] = []
  let afterBody = false
  let hasValue = false
  const flush = (terminator: string): void => {
    const scope = scopes[scopes.length - 1]
    if (statement.length > 0 && statement.length < LONGEST_STATEMENT) {
      if (scope?.kind === 'enum') enumerator(statement, blanks)
      else macrosOf(statement, { terminator, className: scope?.className ?? '', afterBody, attributes }, blanks)
    }
    statement = []
    afterBody = false
    hasValue = false
  }
  for (let token = tokens.read(); token !== null; token = tokens.read()) {
    const scope = scopes[scopes.length - 1] as Scope
    if (token.kind !== 'sign') statement.push(token)
    else if (token.text === '(' || token.text === '[') {
      const group = tokens.readGroup(token)
      if (!dropGnu(statement, group, blanks)) statement.push(group)
    } else if (token.text === ';') flush(';')
    else if (token.text === ',' && scope.kind === 'enum') flush(',')
    else if (token.text === '{') {
      const inside = scope.kind === 'enum' ? null : hasValue ? 'value' : scopeOf(statement)
      if (inside === 'value') {
        hasValue = true
        skipBody(tokens, blanks)
        continue
      }
      flush('{')
      if (inside === null) skipBody(tokens, blanks)
      else scopes.push(inside)
    } else if (token.text === '}') {
      flush('}')
      if (scopes.length > 1) scopes.pop()
      afterBody = scope.kind !== 'file'
    } else if (token.text === ':' && scope.kind === 'class' && isLabel(statement) && text[token.end] !== ':') {
      label(statement, token, blanks)
      statement = []
    } else statement.push(token)
  }
  flush('')
  return blanks
}

/**
 * Steps over a body whose brace was just read. Macros at the beginning of a statement that only make sense with what they
 * stand for are blanked: `TRY {`, `FOREACH(a, b) {`, `CATCH(error) }`, `UNUSED int a`.
 */
function skipBody(tokens: Tokenizer, blanks: Blank[]): void {
  let depth = 1
  let isStart = true
  /** Where `->` or `.` begins, right after it. */
  let member: number | undefined
  let token = tokens.read()
  while (token !== null) {
    let next: Token | null | undefined
    if (isStart && token.kind === 'word' && isMacroName(token.text)) {
      next = tokens.read()
      let end = token.end
      let isMacro = next?.text === '{' || (next?.kind === 'word' && beginsDeclaration(next.text))
      if (next?.kind === 'sign' && next.text === '(') {
        const group = tokens.readGroup(next)
        end = group.end
        next = tokens.read()
        isMacro = next?.text === '{' || next?.text === '}' || next?.kind === 'word'
      }
      if (isMacro) blanks.push({ start: token.start, end, isAttached: false })
    } else if (token.text === 'operator' && token.kind === 'word') {
      // `this->operator[](index)`: the grammar knows no operator that is called by its name.
      let open = tokens.read()
      while (open !== null && open.text !== '(' && open.kind === 'sign' && open.start - token.end < LONGEST_OPERATOR) open = tokens.read()
      if (open?.text === '(') blanks.push({ start: member ?? token.start, end: open.start, isAttached: false })
      next = open
    } else if (token.text === '{') depth++
    else if (token.text === '}' && --depth === 0) return
    member = token.text === '.' || token.text === '-' ? token.start : token.text === '>' ? member : undefined
    isStart = token.text === ';' || token.text === '{' || token.text === '}'
    token = next === undefined ? tokens.read() : next
    // What follows a macro that is gone begins a statement too.
    if (next !== undefined) isStart = true
  }
}

/** `operator->*` and the spaces in it. */
const LONGEST_OPERATOR = 12

/** A statement of more tokens is a table or not C. */
const LONGEST_STATEMENT = 5000
const ACCESS = new Set(['public', 'private', 'protected'])
const LONGEST_LABEL = 8
const SIGNAL_WORDS = new Set(['slots', 'signals'])

/** What a brace opens: a scope with declarations, a value within the statement, or the body of a function (`null`). */
function scopeOf(statement: readonly Token[]): Scope | 'value' | null {
  if (statement.length > LONGEST_HEAD) return null
  const last = statement[statement.length - 1]
  const plain = outsideOfAngles(statement)
  const words = new Set(plain.map((token) => token.text))
  if (words.has('=') && !words.has('operator')) return 'value'
  if (words.has('namespace')) return { kind: 'file', className: '' }
  if (words.has('extern') && last?.kind === 'literal') return { kind: 'file', className: '' }
  const key = plain.findIndex((token) => token.kind === 'word' && TAGS.has(token.text))
  if (key < 0) return null
  const base = plain.findIndex((token, at) => at > key && token.text === ':' && plain[at + 1]?.text !== ':' && plain[at - 1]?.text !== ':')
  const head = plain.slice(key + 1, base < 0 ? undefined : base)
  const isHead = head.every((token, at) => token.text !== '(' || isMacroName(head[at - 1]?.text ?? '') || head[at - 1]?.text === 'alignas')
  if (!isHead || head[head.length - 1]?.text === '(') return null
  if (plain[key]?.text === 'enum') return { kind: 'enum', className: '' }
  const names = head.filter((token) => token.kind === 'word' && token.text !== 'final')
  return { kind: 'class', className: names[names.length - 1]?.text ?? '' }
}

/** The head of a class or a function is never this long; looking through it at every brace would take forever. */
const LONGEST_HEAD = 1000
const TAGS = new Set(['class', 'struct', 'union', 'enum'])

/** The tokens that are no template's parameters or arguments. */
function outsideOfAngles(tokens: readonly Token[]): Token[] {
  const plain: Token[] = []
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if (token.text === '<') depth++
    else if (token.text === '>' && tokens[at - 1]?.text !== '-' && depth > 0) depth--
    else if (depth === 0) plain.push(token)
  }
  return plain
}

function label(statement: readonly Token[], colon: Token, blanks: Blank[]): void {
  const hasAccess = statement.some(({ text }) => ACCESS.has(text))
  for (const { start, end, text } of statement) {
    if (ACCESS.has(text)) continue
    // `PRIVATE_UNLESS_TESTED:` says what it is.
    const access = !hasAccess && text.length > 'protected'.length ? /PRIVATE|PROTECTED|PUBLIC/.exec(text)?.[0].toLowerCase() : undefined
    if (access !== undefined) blanks.push({ start, end, isAttached: false, text: access })
    else blanks.push({ start, end: hasAccess ? end : colon.end, isAttached: false })
  }
}

/** `public:`, `public Q_SLOTS:`, `Q_OBJECT public:` */
function isLabel(statement: readonly Token[]): boolean {
  return (
    statement.length < LONGEST_LABEL &&
    statement.some((token) => ACCESS.has(token.text) || SIGNAL_WORDS.has(token.text) || isMacroName(token.text)) &&
    statement.every((token) => token.kind !== 'sign' && (token.kind !== 'word' || isLabelWord(token.text)))
  )
}

function isLabelWord(word: string): boolean {
  return ACCESS.has(word) || SIGNAL_WORDS.has(word) || isMacroName(word)
}

/** `__attribute__((..))` and `__declspec(..)` mean nothing to a reader of declarations, and the grammar knows not all of their places. */
function dropGnu(statement: Token[], group: Token, blanks: Blank[]): boolean {
  const before = statement[statement.length - 1]
  if (before?.kind !== 'word' || !/^(?:__attribute(?:__)?|__declspec|__asm(?:__)?|asm)$/.test(before.text)) return false
  statement.pop()
  blanks.push({ start: before.start, end: group.end, isAttached: statement.length === 0 })
  return true
}

/** `NAME DEPRECATED("soon") = 1`, `MAP(XX) LAST`, `OPTION(NAME, LONG, 1)`: all but a constant's name and its value. */
function enumerator(statement: readonly Token[], blanks: Blank[]): void {
  const [name, ...rest] = statement
  if (name?.kind !== 'word') return
  const [group, next] = rest
  if (group?.text === '(') {
    const [first, comma] = group.inner
    if (next === undefined && first?.kind === 'word' && comma?.text === ',') {
      blanks.push({ start: name.start, end: first.start, isAttached: false }, { start: first.end, end: group.end, isAttached: false })
      return
    }
    blanks.push({ start: name.start, end: group.end, isAttached: false })
    if (next !== undefined) enumerator(rest.slice(1), blanks)
    return
  }
  for (const [at, token] of rest.entries()) {
    if (token.kind !== 'word') return
    const args = rest[at + 1]?.text === '(' ? rest[at + 1] : undefined
    blanks.push({ start: token.start, end: (args ?? token).end, isAttached: false })
    if (args !== undefined) return
  }
}
