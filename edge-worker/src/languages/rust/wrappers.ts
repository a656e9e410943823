import { oneLine } from '../written-text.js'

export interface Wrapper {
  readonly macros: string[]
  readonly attributes: string[]
}

/** `#[cfg(..)] #[doc(..)] $item`, as a macro writes it that gives back the items it was given. */
const GIVEN_BACK = /((?:#\s*\[(?:[^[\]]|\[[^\]]*\])*\]\s*)*)\$(\w+)\s*(?:[;,]?\s*\)\s*[*+]|\)\s*[*+]|$|\})/g
/** `cfg_net! { $($item)* }` */
const HANDED_ON = /\b(\w+)\s*!\s*[{([]\s*(?:\$\(\s*)?\$\w+/

/**
 * What a `macro_rules!` puts before each item that it is given: `($($item:item)*) => { $( #[cfg(unix)] $item )* }`. `null` where it does not
 * take items, or makes something else of them; where it gives nothing back, they do not exist.
 */
export function wrapperOf(body: string): Wrapper | null {
  if (body.length > MAX_BODY) return null
  const text = body.replace(/\/\/[^\n]*/g, ' ')
  const [, name] = /\$(\w+)\s*:\s*item\b/.exec(text) ?? /\(\s*\$\(\s*\$(\w+)\s*:\s*tt\s*\)\s*\*\s*\)/.exec(text) ?? []
  const arrow = text.indexOf('=>')
  if (name === undefined || arrow < 0) return null
  const made = text.slice(arrow + 2)
  if (/^\s*\{\s*\}\s*;?\s*\}?\s*$/.test(made)) return { macros: [], attributes: ['#[cfg(any())]'] }
  const handed = HANDED_ON.exec(made)?.[1]
  if (handed !== undefined) return { macros: [handed], attributes: [] }
  const kinds = new Map<string, string[]>()
  for (const [, written = '', variable] of made.matchAll(GIVEN_BACK)) {
    if (variable === name) kinds.set(oneLine(written), attributesIn(written))
  }
  const [only] = kinds.values()
  return kinds.size === 1 && only !== undefined ? { macros: [], attributes: only } : null
}

/** Longer macros do more than wrap. */
const MAX_BODY = 8_000

function attributesIn(written: string): string[] {
  // `#[cfg($meta)]` is what the call says itself, at its beginning (macro-tokens.ts).
  return (written.match(/#\s*\[(?:[^[\]]|\[[^\]]*\])*\]/g) ?? []).filter((each) => !each.includes('$')).map(oneLine)
}
