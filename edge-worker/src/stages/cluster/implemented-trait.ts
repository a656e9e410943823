/**
 * The trait of an impl block's header, as written: `Iterator<Item = u8>` of `impl<'a, T: Fn(u8) -> u8> Iterator<Item = u8> for Iter<'a, T>`;
 * `null` for an inherent block.
 */
export function implementedTrait(header: string): string | null {
  const start = /^(?:default\s+|unsafe\s+)*impl\b\s*/.exec(header)?.[0].length
  if (start === undefined) return null
  let at = header[start] === '<' ? closing(header, start) : start
  const from = at
  for (let depth = 0; at < header.length; at += 1) {
    const character = header[at]
    if (character === '<' || character === '(' || character === '[') depth += 1
    else if ((character === '>' && header[at - 1] !== '-') || character === ')' || character === ']') depth -= 1
    // A binder, `for<'a>`, has no space behind the word.
    else if (depth === 0 && /^\s+for\s/.test(header.slice(at))) {
      const trait = header
        .slice(from, at)
        .replace(/\s+/g, ' ')
        .replace(/^const /, '')
        .trim()
      return trait === '' ? null : trait
    }
  }
  return null
}

/** Index behind the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '<') depth += 1
    else if (text[at] === '>' && text[at - 1] !== '-') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}
