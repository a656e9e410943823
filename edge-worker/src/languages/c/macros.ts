import type { OutlineItem } from '../outline.js'
import { oneLine } from '../written-text.js'
import type { DocFinder } from './docs.js'
import type { Span } from './scan.js'
import type { Shadow } from './shadow.js'

/** One item for each macro that a file defines, its include guard left out. */
export function macroItems(shadow: Shadow, docs: DocFinder, isOpen: boolean): OutlineItem[] {
  const items: OutlineItem[] = []
  const dead = neverRead(shadow)
  let next = 0
  let deadUntil = 0
  for (const [index, directive] of shadow.directives.entries()) {
    while (next < dead.length && (dead[next] as Span).start <= directive.start) deadUntil = Math.max(deadUntil, (dead[next++] as Span).end)
    if (directive.word !== 'define' || directive.start < deadUntil) continue
    const match = /^(\s*)([\p{L}_$][\p{L}\p{N}_$]*)(\(([^)]*)\))?/u.exec(directive.rest)
    const name = match?.[2]
    if (match === null || name === undefined || isGuard(shadow, index, name)) continue
    const value = directive.rest.slice(match[0].length)
    const isFunction = match[3] !== undefined
    const valueAt = value.trim() === '' ? directive.textEnd : directive.restAt + match[0].length + value.search(/\S/)
    const found = docs.find(directive.start, directive.textEnd, true)
    const head = directive.start
    const end = Math.max(directive.textEnd, head + 1)
    items.push({
      name,
      prefix: '',
      type: 'macro',
      visibility: 'inherited',
      isPublic: isOpen && !name.startsWith('_'),
      signature: oneLine(`#define ${match[0]}${isFunction || value.length > LONGEST_VALUE ? '' : value}`),
      parameters: (match[4] ?? '')
        .split(',')
        .map((parameter) => parameter.trim())
        .flatMap((parameter) => (parameter === '' ? [] : [{ name: parameter, param_type: '' }])),
      returnType: null,
      attributes: [],
      docs: found?.text ?? null,
      start: found?.start ?? head,
      head,
      body: Math.min(Math.max(valueAt, head + 1), end),
      end,
      parent: -1,
    })
  }
  return items
}

/** A value that fits on a line tells more than a name. */
const LONGEST_VALUE = 100

/** `#ifndef A_H` and on the next line `#define A_H`. */
function isGuard({ directives }: Shadow, index: number, name: string): boolean {
  const before = directives[index - 1]
  if (before === undefined || directives[index]?.rest.trim() !== name || index > 4) return false
  const asked = before.rest.trim()
  return (before.word === 'ifndef' && asked === name) || (before.word === 'if' && /^!\s*defined\s*\(?\s*([\w$]+)/.exec(asked)?.[1] === name)
}

/** `#if 0`, of which nothing is ever read; branches that only depend are somebody's. */
function neverRead({ dropped, directives }: Shadow): Span[] {
  const openers = new Map(directives.map((directive) => [directive.end, directive]))
  return dropped.filter(({ start }) => {
    const opener = openers.get(start)
    return opener?.word === 'if' && /^(?:0|false)\b/.test(opener.rest.trim())
  })
}
