import { isBody } from './callable.js'
import { withoutLifetimes } from './base-name.js'
import type { SymbolFacts } from './graph-facts.js'
import { code, kindWord } from './wording.js'

/** One sentence about a constant, a static or a type alias. */
export function valueSentence(facts: SymbolFacts): string {
  const { symbol, owner, trait } = facts
  if (symbol.symbol_type === 'type_alias') return aliasSentence(facts)
  const type = symbol.language === 'Go' ? goType(symbol.signature, symbol.name) : declaredType(symbol.signature)
  const of = type === null ? '' : ` of type ${code(type)}`
  const word = symbol.symbol_type === 'static' ? (/\bstatic\s+mut\b/.test(symbol.signature) ? 'mutable static' : 'static') : 'constant'
  if (symbol.symbol_type === 'field' && owner !== null) return `field${of} of ${code(owner.name)}.`
  if (symbol.symbol_type === 'variable' || symbol.symbol_type === 'field') return `variable${of} in ${code(facts.home)}.`
  if (owner?.kind === 'impl' && trait !== null)
    return `the constant ${code(symbol.name)}${of} that ${code(withoutLifetimes(trait))} asks of ${code(owner.name)}.`
  if (isBody(owner?.kind)) return `${word}${of} inside the ${kindWord(owner?.kind ?? '')} ${code(owner?.name ?? '')}.`
  if (owner?.kind === 'trait') return `associated constant${of} that the trait ${code(owner.name)} has.`
  return owner === null ? `${word}${of} in ${code(facts.home)}.` : `associated ${word}${of} on ${code(owner.name)}.`
}

function aliasSentence({ symbol, owner, trait, home }: SymbolFacts): string {
  const target = behind(symbol.signature, '=')
  const bounds = target === null ? behind(symbol.signature, ':') : null
  if (owner?.kind === 'impl' && trait !== null) {
    return `sets ${code(`${withoutLifetimes(trait)}::${symbol.name}`)}${target === null ? '' : ` to ${code(target)}`} for ${code(owner.name)}.`
  }
  if (owner?.kind === 'trait')
    return `associated type of the trait ${code(owner.name)}${bounds === null ? ' without bounds' : `, bound by ${code(bounds)}`}.`
  return `type alias in ${code(home)}${target === null ? '' : ` for ${code(target)}`}.`
}

/** The type in `var X T = 1` and in the field `Name string`; an embedded field is its type. */
function goType(signature: string, name: string): string | null {
  const rest = signature.replace(/^(?:const|var)\s+/, '').replace(/\s=\s[\s\S]*$/, '')
  const type = rest.startsWith(`${name} `) ? rest.slice(name.length).trim() : rest === name ? '' : rest
  return type === '' ? null : type
}

/** The type in `pub const MAX: usize`, an initial value left out. */
function declaredType(signature: string): string | null {
  return behind(signature.replace(/\s=\s[\s\S]*$/, ''), ':')
}

/** What stands behind the first `mark` outside of brackets; `::` is no colon, `=>` and `==` no equals sign. */
function behind(signature: string, mark: ':' | '='): string | null {
  let depth = 0
  for (let at = 0; at < signature.length; at += 1) {
    const character = signature[at] ?? ''
    if ('<([{'.includes(character)) depth += 1
    else if (')]}'.includes(character) || (character === '>' && !'-='.includes(signature[at - 1] ?? ''))) depth -= 1
    else if (character === mark && depth === 0) {
      if (signature[at + 1] === mark || signature[at - 1] === mark || signature[at + 1] === '>') continue
      const rest = signature.slice(at + 1).trim()
      return rest === '' ? null : rest
    }
  }
  return null
}
