import { code } from './facts/wording.js'

/** What attributes tell a caller, as sentences: deprecation, a condition, a result that must be used. */
export function attributeNotes(attributes: readonly string[]): string[] {
  return attributes.flatMap((attribute) => {
    const [, constraint] = /^\/\/go:build\s+(.+)$/.exec(attribute) ?? []
    if (constraint !== undefined) return [`Compiled only under ${code(constraint)}.`]
    const decorated = /^@(?:\w+\.)*deprecated\b(?:\(\s*(?:"([^"]*)"|'([^']*)'))?/.exec(attribute)
    if (decorated !== null) return [`Deprecated${reason(decorated[1] ?? decorated[2] ?? '', /^(.+)$/)}.`]
    const inner = /^#!?\[\s*([\s\S]*?)\s*\]$/.exec(attribute)?.[1] ?? attribute
    if (/^deprecated\b/.test(inner)) return [deprecation(inner)]
    if (/^must_use\b/.test(inner)) return [`The result must be used${reason(inner, /^must_use\s*=\s*"([^"]*)"/)}.`]
    if (/^non_exhaustive\b/.test(inner)) return ['Marked `non_exhaustive`: more may be added without a breaking release.']
    if (/^track_caller\b/.test(inner)) return ['Reports the place of its caller when it panics.']
    const condition = /^cfg\s*\(([\s\S]*)\)$/.exec(inner)?.[1]
    return condition === undefined ? [] : [`Compiled only under ${code(condition)}.`]
  })
}

function deprecation(inner: string): string {
  const since = /\bsince\s*=\s*"([^"]*)"/.exec(inner)?.[1]
  return `Deprecated${since === undefined ? '' : ` since ${since}`}${reason(inner, /\bnote\s*=\s*"([^"]*)"/) || reason(inner, /^deprecated\s*=\s*"([^"]*)"/)}.`
}

function reason(inner: string, pattern: RegExp): string {
  const text = pattern.exec(inner)?.[1]?.trim().replace(/\.$/, '')
  return text === undefined || text === '' ? '' : `: ${text}`
}
