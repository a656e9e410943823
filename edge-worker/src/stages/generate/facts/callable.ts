import type { Parameter } from '@doctown/common/contracts/symbol.js'
import { withoutLifetimes } from './base-name.js'
import type { SymbolFacts } from './graph-facts.js'
import { isReceiver } from './receiver.js'
import { code, counted, joined, kindWord, list, withArticle } from './wording.js'

/** One sentence about a function or a method from its header: where it belongs, what it takes, what it gives. */
export function callableSentence(facts: SymbolFacts): string {
  const { symbol, owner, trait } = facts
  const isRust = symbol.language === 'Rust'
  const receiver = isRust ? symbol.parameters.find((parameter) => parameter.name === 'self') : undefined
  const takes = takesPhrase(symbol.parameters.filter((parameter) => !isReceiver(parameter, symbol)))
  const returns =
    symbol.return_type === null || NOTHING.test(symbol.return_type)
      ? null
      : `returns ${returned(symbol.return_type, isBody(owner?.kind) ? undefined : owner?.name)}`
  const does = [takes, returns].filter((phrase) => phrase !== null)

  if (owner === null || isBody(owner.kind)) {
    const place = owner === null ? `in ${code(facts.home)}` : `inside the ${kindWord(owner.kind)} ${code(owner.name)}`
    const test = testWord(symbol.attributes)
    if (test !== null && does.length === 0) return `${kindOf(facts, test)} ${place}.`
    return `${kindOf(facts, test === null ? 'function' : `${test} function`)} ${place} that ${does.length === 0 ? 'takes and returns nothing' : joined(does)}.`
  }
  if (owner.kind === 'impl' && trait !== null) {
    const method = code(`${withoutLifetimes(trait)}::${symbol.name}`)
    return `implements ${method} for ${code(owner.name)}${does.length === 0 ? receiverTail(receiver, owner.name) : `; ${does.join(' and ')}`}.`
  }
  const kind = kindOf(facts, isConstructor(facts) ? 'constructor' : isRust && receiver === undefined ? 'associated function' : 'method')
  if (owner.kind === 'trait')
    return `${kind} of the trait ${code(owner.name)}${does.length === 0 ? onlyReceiver(receiver) : ` that ${does.join(' and ')}`}.`
  const all = [receiverPhrase(receiver, 'it'), ...does].filter((phrase) => phrase !== null)
  return `${kind} of ${code(owner.name)} ${all.length === 0 ? 'without parameters and without a result' : `that ${joined(all)}`}.`
}

/** Return types that say that nothing comes back. */
const NOTHING = /^(?:None|void|undefined)$/

function isConstructor({ symbol, owner }: SymbolFacts): boolean {
  if (symbol.language === 'Rust') return false
  return symbol.name === '__init__' || symbol.name === 'constructor' || symbol.name === owner?.name
}

/** What is written inside a body, of a function or of a constant's value, belongs to no type. */
export const isBody = (kind: string | undefined): boolean => kind !== undefined && ['function', 'method', 'const', 'static'].includes(kind)

function kindOf({ symbol }: SymbolFacts, noun: string): string {
  return [...modifiers(symbol.signature, symbol.name), noun].join(' ')
}

/** `#[test]`, `#[tokio::test]`, `#[bench]` say what a function is for. */
function testWord(attributes: readonly string[]): 'test' | 'benchmark' | null {
  if (attributes.some((attribute) => /^#\[\s*(?:\w+::)*test\b/.test(attribute))) return 'test'
  return attributes.some((attribute) => /^#\[\s*(?:\w+::)*bench\b/.test(attribute)) ? 'benchmark' : null
}

/** Words before the name that change how it is called. */
function modifiers(signature: string, name: string): string[] {
  const head = signature.slice(0, placeOfWord(signature, name))
  return ['const', 'async', 'unsafe', 'extern', 'static', 'abstract'].filter((word) => new RegExp(`\\b${word}\\b`).test(head))
}

/** Where the name stands as a word of its own, 0 when it does not. Without a pattern: a name may be longer than a pattern may be. */
function placeOfWord(text: string, word: string): number {
  const isWordAt = (place: number): boolean => /\w/.test(text.charAt(place))
  for (let place = text.indexOf(word); place >= 0; place = text.indexOf(word, place + 1)) {
    if (!isWordAt(place - 1) && !isWordAt(place + word.length)) return place
  }
  return 0
}

const LONG_TYPE = 48

function takesPhrase(parameters: readonly Parameter[]): string | null {
  if (parameters.length === 0) return null
  const named = parameters.filter((parameter) => parameter.name !== '')
  if (parameters.length > 3) return `takes ${counted(parameters.length, 'parameter')} (${list(named.map(plainName), 6)})`
  return `takes ${joined(
    parameters.map((parameter) => {
      const name = plainName(parameter)
      if (name === '' || name === '_') return withArticle(code(parameter.param_type))
      return parameter.param_type === '' || parameter.param_type.length > LONG_TYPE ? code(name) : code(`${name}: ${parameter.param_type}`)
    }),
  )}`
}

const plainName = (parameter: Parameter): string => parameter.name.replace(/^(?:ref |mut )+/, '')

/** `Self` is named by the type it stands for. */
function returned(type: string, owner: string | undefined): string {
  if (owner !== undefined && /^(?:&(?:'\w+ )?(?:mut )?)?Self$/.test(type)) {
    return type === 'Self' ? withArticle(code(owner)) : `${code(type)}, a reference to the ${code(owner)}`
  }
  return code(type)
}

/** `object` is the word for the value it is called on. */
function receiverPhrase(receiver: Parameter | undefined, object: string): string | null {
  if (receiver === undefined) return null
  const written = receiver.param_type.replace(/'\w+\s*/g, '')
  if (/^(?:mut )?self$/.test(written)) return `consumes ${object}`
  if (/^&\s*mut self$/.test(written)) return `borrows ${object} mutably`
  if (/^&\s*self$/.test(written)) return `borrows ${object}`
  return `takes ${code(written.includes('self') ? written : 'self')}`
}

const receiverTail = (receiver: Parameter | undefined, owner: string): string => {
  const phrase = receiverPhrase(receiver, `the ${code(owner)}`)
  return phrase === null ? ', without parameters' : `; ${phrase}`
}

const onlyReceiver = (receiver: Parameter | undefined): string =>
  receiver === undefined
    ? ' without parameters'
    : ` with ${code(receiver.param_type === '' ? 'self' : receiver.param_type)} as its only parameter`
