import type { PackageBuild } from '@doctown/common/contracts/package-facts.js'

/** Answers whether a `cfg` of this name, and value where there is one, holds; `wanted` is false where a `not(..)` stands around it. */
export type CfgSet = (name: string, value: string | null, wanted: boolean) => boolean

/**
 * What one package can be built as for x86-64 Linux, as rustdoc sees it: `documented` has the features that the package documents itself with;
 * in `widest` a user of the stable compiler chooses any features beside the default ones.
 */
export interface CfgSets {
  readonly documented: CfgSet
  readonly widest: CfgSet
}

/** `nightly`: features that need a nightly compiler. */
export function cfgSets(build: PackageBuild | undefined, nightly: ReadonlySet<string>): CfgSets {
  const features = build === undefined ? null : new Set(build.features)
  const byDefault = new Set(build?.default_features ?? [])
  const words = new Set(build?.build_script_words ?? [])
  const isOn = (feature: string): boolean =>
    features === null || (features.has(feature) && (byDefault.has(feature) || !needsNightly(feature)))
  const needsNightly = (feature: string): boolean => nightly.has(feature) || /nightly/.test(feature)
  const isFree = (feature: string): boolean =>
    features !== null && !byDefault.has(feature) && !needsNightly(feature) && !IS_UNSTABLE.test(feature)
  return {
    documented: (name, value) => (name === 'feature' ? isOn(value ?? '') : isSet(name, value) || (words.has(name) && SAYS_HAS.test(name))),
    widest: (name, value, wanted) => {
      if (name === 'feature') return isFree(value ?? '') ? wanted : isOn(value ?? '')
      return isSet(name, value) || (words.has(name) && !SAYS_LACKS.test(name))
    },
  }
}

/** Features for whose sake the crate's root asks for what only a nightly compiler has: `#![cfg_attr(feature = "x", feature(..))]`. */
export function nightlyFeatures(rootAttributes: readonly string[]): Set<string> {
  const conditions = rootAttributes.flatMap((each) => /^#!\[\s*cfg_attr\s*\(([^]*?),\s*feature\s*\(/.exec(each)?.[1] ?? [])
  const asking = conditions.filter((each) => !/\b(?:not|any)\s*\(/.test(each))
  return new Set(asking.flatMap((each) => [...each.matchAll(/\bfeature\s*=\s*"([^"]*)"/g)].map(([, name = '']) => name)))
}

/** Every attribute that `cfg_attr` may add, and the others as they are. */
export function effectiveAttributes(attributes: readonly string[], isOn: CfgSet): string[] {
  return attributes.flatMap((attribute) => {
    const inside = /^#!?\[\s*cfg_attr\s*\(([^]*)\)\s*\]$/.exec(attribute)?.[1]
    if (inside === undefined) return [attribute]
    const [condition = '', ...added] = splitList(inside)
    return holds(condition, isOn)
      ? effectiveAttributes(
          added.map((each) => `#[${each}]`),
          isOn,
        )
      : []
  })
}

/** Whether all `#[cfg(..)]` among the attributes hold. What does not read as a condition holds. */
export function isPresent(attributes: readonly string[], isOn: CfgSet): boolean {
  return attributes.every((attribute) => {
    const condition = /^#!?\[\s*cfg\s*\(([^]*)\)\s*\]$/.exec(attribute)?.[1]
    return condition === undefined ? !/^#\[\s*(?:test|bench)\s*\]$/.test(attribute) : holds(condition, isOn)
  })
}

const MAX_DEPTH = 40

function holds(condition: string, isOn: CfgSet, wanted = true, depth = 0): boolean {
  const text = condition.trim().replace(/,$/, '')
  const [, operator, inside = ''] = /^(all|any|not)\s*\(([^]*)\)$/.exec(text) ?? []
  if (operator !== undefined && depth < MAX_DEPTH) {
    const parts = splitList(inside)
    const each = (part: string): boolean => holds(part, isOn, wanted, depth + 1)
    if (operator === 'not') return !holds(parts[0] ?? '', isOn, !wanted, depth + 1)
    return operator === 'all' ? parts.every(each) : parts.some(each)
  }
  if (text === 'true' || text === '') return true
  if (text === 'false') return false
  const [, name, value] = /^([\w.]+)\s*(?:=\s*"([^"]*)")?$/.exec(text) ?? []
  // `version(..)`, `accessible(..)`: not of the stable compiler.
  return name === undefined ? false : isOn(name, value ?? null, wanted)
}

/** Parts between commas that stand in no brackets and no string. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let level = 0
  let start = 0
  for (const match of text.matchAll(/"(?:[^"\\]|\\[^])*"|[()[\]{},]/g)) {
    if ('([{'.includes(match[0])) level++
    else if (')]}'.includes(match[0])) level--
    else if (match[0] === ',' && level === 0) {
      parts.push(text.slice(start, match.index).trim())
      start = match.index + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts.filter((part) => part !== '')
}

/** `rustc --print cfg` for x86_64-unknown-linux-gnu, and `doc`, which rustdoc sets. */
const TARGET = new Set(
  (
    'unix doc debug_assertions overflow_checks target_thread_local panic=unwind relocation_model=pic target_abi= target_arch=x86_64 target_endian=little ' +
    'target_env=gnu target_family=unix target_feature=fxsr target_feature=sse target_feature=sse2 target_feature=x87 target_has_atomic ' +
    'target_has_atomic=8 target_has_atomic=16 target_has_atomic=32 target_has_atomic=64 target_has_atomic=ptr target_os=linux ' +
    'target_pointer_width=64 target_vendor=unknown'
  ).split(' '),
)

function isSet(name: string, value: string | null): boolean {
  return TARGET.has(value === null ? name : `${name}=${value}`)
}

/** What a build script sets, by the name that it has: on a compiler of today, on a compiler that lacks something or for another target. */
const SAYS_HAS = /^(?:has|have|stable|supports?)_|_(?:stable|supported)$/
const SAYS_LACKS =
  /(?:^|_)(?:no|not|without|missing|lacks?|needs?|nightly|unstable|old|wasm\w*|wasi\w*|windows|macos|apple|ios|android|bsd|miri|loom)(?:_|$)/

/** Features that only a nightly compiler, the standard library itself or the crate's own authors turn on. */
const IS_UNSTABLE = /nightly|unstable|rustc|^compiler_builtins$|internal|^_|^bench|^test_/
