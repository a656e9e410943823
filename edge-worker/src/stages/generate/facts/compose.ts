import { callableSentence } from './callable.js'
import type { SymbolFacts } from './graph-facts.js'
import { holderSentence } from './holder.js'
import { valueSentence } from './value.js'
import { capitalised, code, list } from './wording.js'

/** A summary in the making: a first sentence of at least two facts, and further sentences from the most to the least telling. */
export interface Composition {
  readonly lead: string
  readonly further: readonly string[]
}

/** Says of a symbol what its header and the graph say, and nothing else. The further sentences end in its place, which no other symbol has. */
export function compose(facts: SymbolFacts): Composition {
  const { symbol } = facts
  return {
    lead: capitalised(leadSentence(facts)),
    further: [
      ...(facts.callees.length > 0 ? [`Calls ${list(facts.callees)}.`] : []),
      ...(facts.callers.length > 0 ? [`Called by ${list(facts.callers)}.`] : []),
      ...(facts.implementers.length > 0 ? [`Implemented by ${list(facts.implementers)}.`] : []),
      ...(facts.implements.length > 0 ? [`Implements ${list(facts.implements)}.`] : []),
      ...(facts.uses.length > 0 ? [`Refers to ${list(facts.uses)}.`] : []),
      ...conditions(symbol.attributes),
      `Written in ${code(facts.home)}.`,
      `Declared as ${code(shortened(symbol.signature))}.`,
      `Stands in ${code(symbol.file)} at line ${symbol.line}.`,
      `Its id is ${code(symbol.id)}.`,
    ],
  }
}

function leadSentence(facts: SymbolFacts): string {
  switch (facts.symbol.symbol_type) {
    case 'function':
    case 'method':
      return callableSentence(facts)
    case 'const':
    case 'static':
    case 'type_alias':
    case 'variable':
    case 'field':
      return valueSentence(facts)
    default:
      return holderSentence(facts)
  }
}

function conditions(attributes: readonly string[]): string[] {
  return attributes.flatMap((attribute) => {
    const condition = /^#!?\[\s*cfg\s*\(([\s\S]*)\)\s*\]$/.exec(attribute)?.[1]
    return condition === undefined ? [] : [`Compiled only under ${code(condition)}.`]
  })
}

const SHOWN = 160
const shortened = (signature: string): string => (signature.length <= SHOWN ? signature : `${signature.slice(0, SHOWN).trimEnd()} ...`)
