import { firstEndingAfter } from './span-search.js'
import type { Directive, Span } from './scan.js'

/** A mark that opens, closes or ends something; literals and comments are none. */
export interface BranchSource {
  readonly text: string
  readonly directives: readonly Directive[]
  /** Comments and literals, in order. */
  readonly quiet: readonly Span[]
  readonly isCpp: boolean
}

interface Branch extends Span {
  /** Brackets opened minus brackets closed. */
  readonly depth: number
  /** No bracket of the outside is closed in it. */
  readonly isWhole: boolean
  /** Its last mark ends a declaration or a statement. */
  readonly isEnded: boolean
  readonly isEmpty: boolean
}

interface Group {
  readonly depth: number
  readonly startsClean: boolean
  readonly branches: Branch[]
  readonly conditions: (boolean | null)[]
  at: number
  lowest: number
  isEmpty: boolean
}

/**
 * The branches of `#if .. #else .. #endif` that are better left unread, so that what remains is one text that parses.
 * Branches that are whole declarations all stay. Where a branch is a piece of one (half a header, an opened brace), the first that is not known to be dead stays.
 */
export function droppedBranches(source: BranchSource): Span[] {
  const dropped: Span[] = []
  const groups: Group[] = []
  let depth = 0
  let last = ';'
  const read = (from: number, to: number): void => {
    for (const { mark, opens } of marks(source, from, to)) {
      depth += opens
      last = mark
      for (let at = groups.length - 1; at >= 0; at--) {
        const group = groups[at] as Group
        if (at === groups.length - 1) group.isEmpty = false
        // An outer group's lowest point is at most as low as the inner one's.
        if (depth >= group.lowest) break
        group.lowest = depth
      }
    }
  }
  let at = 0
  for (const directive of source.directives) {
    read(at, directive.start)
    at = directive.end
    const group = groups[groups.length - 1]
    if (directive.word === 'if' || directive.word === 'ifdef' || directive.word === 'ifndef') {
      groups.push({
        depth,
        startsClean: CLEAN.has(last),
        branches: [],
        conditions: [conditionOf(directive, source.isCpp)],
        at: directive.end,
        lowest: depth,
        isEmpty: true,
      })
    } else if (group !== undefined && (directive.word === 'else' || directive.word.startsWith('elif'))) {
      closeBranch(group, directive.start)
      group.conditions.push(directive.word === 'else' ? elseCondition(group.conditions) : elifCondition(directive, group.conditions))
      group.at = directive.end
      group.lowest = depth = group.depth
      group.isEmpty = true
    } else if (group !== undefined && directive.word === 'endif') {
      closeBranch(group, directive.start)
      groups.pop()
      depth = settle(group)
      const outer = groups[groups.length - 1]
      if (outer !== undefined && !group.branches.every(({ isEmpty }) => isEmpty)) outer.isEmpty = false
    }
  }
  for (const group of groups.reverse()) {
    closeBranch(group, source.text.length)
    settle(group)
  }
  return dropped.sort((a, b) => a.start - b.start)

  function closeBranch(group: Group, end: number): void {
    group.branches.push({
      start: group.at,
      end,
      depth: depth - group.depth,
      isWhole: group.lowest >= group.depth,
      isEnded: group.isEmpty || CLEAN.has(last),
      isEmpty: group.isEmpty,
    })
  }

  /** Drops what is not to be read; tells the depth after the group. */
  function settle({ branches, conditions, startsClean, depth: outside }: Group): number {
    const isLive = (index: number): boolean => conditions[index] !== false
    const known = conditions.indexOf(true)
    const live = branches.filter((_branch, index) => (known < 0 ? isLive(index) : index === known))
    const isPieces = !startsClean || !live.every((branch) => branch.isWhole && branch.depth === 0 && branch.isEnded)
    const kept = live.length > 1 && isPieces ? [live.find(({ isEmpty }) => !isEmpty) ?? live[0]] : live
    for (const branch of branches) if (!kept.includes(branch)) dropped.push({ start: branch.start, end: branch.end })
    return outside + (kept.length === 1 ? (kept[0]?.depth ?? 0) : 0)
  }
}

/** After these a declaration, a statement or an enumerator may begin. */
const CLEAN = new Set([';', '{', '}', ',', ':'])

/** Whether a branch is read: `false` of `#if 0` and of what only the other language sees, `null` where it depends. */
function conditionOf({ word, rest }: Directive, isCpp: boolean): boolean | null {
  const condition = rest.trim()
  if (word === 'ifdef' || word === 'ifndef') {
    if (condition !== '__cplusplus') return null
    return (word === 'ifdef') === isCpp
  }
  if (/^(?:0|false|\(0\))(?:\s*&&.*)?$/.test(condition)) return false
  if (/^(?:1|true)$/.test(condition)) return true
  if (/^!?\s*defined\s*\(?\s*__cplusplus\s*\)?$|^!?\s*__cplusplus$/.test(condition)) return condition.startsWith('!') !== isCpp
  if (!isCpp && /^defined\s*\(?\s*__cplusplus\s*\)?\s*&&|^__cplusplus\s*[>&]/.test(condition)) return false
  return null
}

function elseCondition(before: readonly (boolean | null)[]): boolean | null {
  if (before.includes(true)) return false
  return before.every((condition) => condition === false) ? true : null
}

function elifCondition(directive: Directive, before: readonly (boolean | null)[]): boolean | null {
  if (before.includes(true)) return false
  return conditionOf({ ...directive, word: directive.word === 'elif' ? 'if' : directive.word.slice(2) }, false) === false ? false : null
}

/** Brackets and other signs between two offsets, comments and literals left out. A word counts as `a`, a literal as `"`. */
function* marks({ text, quiet }: BranchSource, from: number, to: number): Generator<{ mark: string; opens: number }> {
  let next = firstEndingAfter(quiet, from)
  const sign = /[^\s\\]/g
  sign.lastIndex = from
  for (let match = sign.exec(text); match !== null && match.index < to; match = sign.exec(text)) {
    while (next < quiet.length && (quiet[next] as Span).end <= match.index) next++
    const inside = quiet[next]
    if (inside !== undefined && inside.start <= match.index) {
      if (text[inside.start] !== '/') yield { mark: '"', opens: 0 }
      sign.lastIndex = inside.end
      continue
    }
    const mark = match[0]
    yield { mark, opens: '([{'.includes(mark) ? 1 : ')]}'.includes(mark) ? -1 : 0 }
  }
}
