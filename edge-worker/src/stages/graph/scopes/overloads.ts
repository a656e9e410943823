import type { Def } from './model.js'
import type { Type } from './types.js'
import type { World } from './world.js'

/** Types that nothing else is a kind of, but for numbers, which become wider ones. */
const FINAL = new Set(['String', 'string', 'boolean', 'Boolean', 'bool', 'char', 'Character', 'Class'])
const NUMBERS = new Set(['byte', 'short', 'int', 'long', 'float', 'double', 'unsigned', 'size_t', 'number'])

/**
 * Of overloads with one number of parameters those that the arguments' types fit: the one that all known arguments fit exactly, else
 * the one that is left when what cannot be is taken out. Several: none is named.
 */
export function byArguments(candidates: readonly Def[], args: readonly Type[], world: World): readonly Def[] {
  if (candidates.length < 2 || args.every((arg) => arg.kind === 'unknown')) return []
  const fits = candidates.map((def) => {
    const parameters = def.symbol.parameters.map(({ param_type: text }) => world.types.ofText(text, { from: def, file: def.file }))
    return { def, each: args.map((arg, at) => fit(arg, parameters[Math.min(at, parameters.length - 1)], world)) }
  })
  const possible = fits.filter(({ each }) => !each.includes('no'))
  const known = args.flatMap((arg, at) => (arg.kind === 'unknown' ? [] : [at]))
  const exact = possible.filter(({ each }) => known.every((at) => each[at] === 'exact'))
  if (exact.length === 1) return exact.map(({ def }) => def)
  return possible.length === 1 ? possible.map(({ def }) => def) : []
}

type Fit = 'exact' | 'maybe' | 'no'

function fit(given: Type, wanted: Type | undefined, world: World): Fit {
  if (wanted === undefined || given.kind === 'unknown' || wanted.kind === 'unknown') return 'maybe'
  if (given.kind === 'instance' && wanted.kind === 'instance') {
    if (given.def === wanted.def) return 'exact'
    if (world.members.inherits(given.def, wanted.def)) return 'maybe'
    return world.members.hasUnknownParent(given.def) ? 'maybe' : 'no'
  }
  if (given.kind === 'instance' && wanted.kind === 'named') {
    return FINAL.has(wanted.name) || NUMBERS.has(wanted.name) || wanted.name === '[]' ? 'no' : 'maybe'
  }
  // What the repository does not know is no kind of what it defines.
  if (given.kind === 'named' && wanted.kind === 'instance')
    return FINAL.has(given.name) || NUMBERS.has(given.name) || given.name === '[]' ? 'no' : 'maybe'
  if (given.kind !== 'named' || wanted.kind !== 'named') return 'maybe'
  if (given.name === wanted.name) return 'exact'
  if (NUMBERS.has(given.name) && NUMBERS.has(wanted.name)) return 'maybe'
  const isSure = (name: string): boolean => FINAL.has(name) || NUMBERS.has(name) || name === '[]'
  return isSure(given.name) && isSure(wanted.name) ? 'no' : 'maybe'
}
