import { isBody } from './callable.js'
import type { SymbolFacts } from './graph-facts.js'
import { code, counted, joined, kindWord, kindWords, list } from './wording.js'

/** One sentence about what holds other things: a type, a trait, an impl block, a module; and about a macro. */
export function holderSentence(facts: SymbolFacts): string {
  const { symbol, owner, trait, home } = facts
  const held = heldPhrase(facts)
  if (symbol.symbol_type === 'impl') {
    if (trait !== null) return traitBlockSentence(facts, { trait, held })
    return `inherent implementation of ${code(symbol.name)} in ${code(home)}${held === null ? '' : ` with ${held}`}.`
  }
  const word = kindWord(symbol.symbol_type)
  const derived = derives(symbol.attributes)
  const details = [
    ...(held === null ? [] : [`with ${held}`]),
    ...(derived.length === 0 ? [] : [`deriving ${list(derived, 4)}`]),
    ...(symbol.symbol_type === 'trait' ? supertraits(symbol.signature) : []),
    ...tupleFields(symbol.signature, symbol.symbol_type),
    ...(symbol.symbol_type === 'macro' && symbol.attributes.some((attribute) => attribute.includes('macro_export'))
      ? ['exported from its crate']
      : []),
  ]
  const place = owner !== null && isBody(owner.kind) ? `inside the ${kindWord(owner.kind)} ${code(owner.name)}` : `in ${code(home)}`
  if (/^pub\b./.test(symbol.visibility)) details.push(`visible as ${code(symbol.visibility)}`)
  return `${symbol.visibility === 'pub' && details.length === 0 ? 'public ' : ''}${word} ${place}${details.length === 0 ? `, ${counted(symbol.end_line - symbol.line + 1, 'line')} long` : ` ${details.join(', ')}`}.`
}

/** A block for a trait: what it leaves out, marks, or brings with it. */
function traitBlockSentence(
  { symbol, home, members }: SymbolFacts,
  { trait, held }: { readonly trait: string; readonly held: string | null },
): string {
  const adjective = /^unsafe\b/.test(symbol.signature) ? 'unsafe ' : ''
  const type = code(symbol.name)
  const lines = symbol.end_line - symbol.line + 1
  if (trait.startsWith('!')) return `opts ${type} out of ${code(trait.slice(1))} in ${code(home)}.`
  if (held === null && lines === 1) return `marks ${type} as ${code(trait)} by an ${adjective === '' ? '' : 'unsafe, '}empty block.`
  // Several lines without symbols may hold a macro call.
  if (held === null) return `${adjective}implementation of ${code(trait)} for ${type}, ${counted(lines, 'line')} long.`
  if (members.length === 1 && adjective === '') return `gives ${type} the trait ${code(trait)} with ${held}.`
  return `${adjective}implementation of ${code(trait)} for ${type} with ${held}.`
}

/** "the methods `a` and `b` and the constant `C`", or the numbers alone where there are many kinds. */
function heldPhrase({ members }: SymbolFacts): string | null {
  const byType = new Map<string, string[]>()
  // What a name itself calls private is named only where there is nothing else.
  const open = members.filter(({ name }) => !/^[_#]/.test(name))
  for (const member of open.length > 0 ? open : members) {
    if (member.symbol_type === null || member.symbol_type === 'impl') continue
    const names = byType.get(member.symbol_type) ?? []
    // Variants under different conditions share one name.
    if (!names.includes(member.name)) byType.set(member.symbol_type, [...names, member.name])
  }
  if (byType.size === 0) return null
  const phrases = [...byType].map(([type, names]) => {
    const { one, many } = kindWords(type)
    if (names.length === 1) return `the ${one} ${list(names)}`
    return byType.size > 3
      ? counted(names.length, one, many)
      : `${names.length > 4 ? `${names.length} ` : 'the '}${many}${names.length > 4 ? `, among them ${list(names.slice(0, 3))}` : ` ${list(names, 4)}`}`
  })
  return joined(phrases)
}

function derives(attributes: readonly string[]): string[] {
  return attributes
    .flatMap((attribute) => (/^#\[\s*derive\s*\(([\s\S]*)\)\s*\]$/.exec(attribute)?.[1] ?? '').split(',').map((name) => name.trim()))
    .filter((name) => name !== '')
}

function supertraits(signature: string): string[] {
  const bounds = /^[^:<]*(?:<[^{]*?>)?\s*:(?!:)\s*([^{]*?)(?:\s+where\b.*)?$/.exec(signature)?.[1]?.trim()
  return bounds === undefined || bounds === '' ? [] : [`on top of ${code(bounds)}`]
}

/** `struct Meters(pub f64)` shows its fields in its header. */
function tupleFields(signature: string, type: string): string[] {
  if (type !== 'struct') return []
  const fields = /\b[\p{L}_][\p{L}\p{N}_]*(?:<[^()]*>)?\s*\(([\s\S]*)\)/u.exec(
    signature.replace(/^pub\s*\([^)]*\)/, 'pub').replace(/\bwhere\b[\s\S]*$/, ''),
  )?.[1]
  return fields === undefined || fields.trim() === '' ? [] : [`wrapping ${code(fields)}`]
}
