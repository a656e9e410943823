import type { SearchItem } from './item.js'

/**
 * What an item is, whatever is asked. People seldom look for a test, a heading or a bare declaration, and often for a function or a type; how much
 * that says was fitted with the weights of the signals (ranking-weights.ts).
 */
export const TRAITS = [
  'test',
  /** Stands in documentation, vendored or generated files. */
  'aside',
  /** A function that is only declared: a prototype, an interface's method. */
  'bodiless',
  'impl',
  'module',
  'field',
  'section',
  'text',
  'const',
  'variable',
  'static',
  'class',
  'struct',
  'interface',
  'enum',
  'trait',
  'type_alias',
  'macro',
] as const
export type Trait = (typeof TRAITS)[number]

const KINDS: ReadonlySet<string> = new Set(TRAITS)
const ASIDE =
  /(?:^|\/)(?:docs?|documentation|website|vendor|vendored|third[_-]?party|3rdparty|external|node_modules|bower_components|dist|generated|legacy|compat|deprecated|scripts?|tools?|assets|helpers?)\/|\.min\.\w+$|[._-]generated\.\w+$|\.pb\.\w+$|\.d\.ts$/i

export function traitsOf(item: SearchItem): Trait[] {
  const traits: Trait[] = []
  if (item.test) traits.push('test')
  else if (ASIDE.test(item.file)) traits.push('aside')
  if (item.body === '' && (item.symbol_type === 'function' || item.symbol_type === 'method')) traits.push('bodiless')
  // `as`: the set has nothing but traits.
  if (KINDS.has(item.symbol_type)) traits.push(item.symbol_type as Trait)
  return traits
}
