/**
 * A Rust source without its documentation: `///`, `//!`, block forms of both and `#[doc = ...]` become spaces, line breaks stay, so that every
 * line keeps its number. Strings, characters and plain comments are passed over untouched.
 */
export function blankRustDocs(text: string): string {
  let out = ''
  let kept = 0
  const blank = (from: number, to: number): void => {
    out += text.slice(kept, from) + text.slice(from, to).replace(/[^\n\r]/g, ' ')
    kept = to
  }
  let at = 0
  while (at < text.length) {
    const char = text[at]
    if (char === '/' && text[at + 1] === '/') {
      const end = endOf(text, '\n', at)
      if (/^\/\/(?:!|\/(?!\/))/.test(text.slice(at, at + 4))) blank(at, end)
      at = end
    } else if (char === '/' && text[at + 1] === '*') {
      const end = endOfBlock(text, at)
      if (/^\/\*(?:!|\*(?![*/]))/.test(text.slice(at, at + 4))) blank(at, end)
      at = end
    } else if (char === '"') at = endOfString(text, at)
    else if ((char === 'r' || char === 'b' || char === 'c') && !/[\w]/.test(text[at - 1] ?? '')) at = endOfPrefixed(text, at)
    else if (char === "'") at = endOfCharacter(text, at)
    else if (char === '#' && /^#!?\s*\[\s*doc\s*[=(]/.test(text.slice(at, at + 40))) {
      const end = endOfAttribute(text, at)
      blank(at, end)
      at = end
    } else at += 1
  }
  return out + text.slice(kept)
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  return end === -1 ? text.length : end
}

/** Block comments nest. */
function endOfBlock(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '/' && text[at + 1] === '*') {
      depth += 1
      at += 1
    } else if (text[at] === '*' && text[at + 1] === '/') {
      depth -= 1
      at += 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return text.length
}

/** `r"..."`, `br#"..."#`, `b"..."`; a mere name is passed over. */
function endOfPrefixed(text: string, from: number): number {
  const raw = /^(?:b|c)?r(#*)"/.exec(text.slice(from, from + 40))
  if (raw !== null) {
    const end = text.indexOf(`"${raw[1]}`, from + raw[0].length)
    return end === -1 ? text.length : end + 1 + (raw[1] ?? '').length
  }
  return /^[bc]"/.test(text.slice(from, from + 2)) ? endOfString(text, from + 1) : from + 1
}

/** `'a'` and `'\n'` are characters, `'a` is a lifetime. */
function endOfCharacter(text: string, from: number): number {
  const character = /^'(?:\\(?:u\{[^}]*\}|x..|[^])|[^'\\\n])'/u.exec(text.slice(from, from + 16))
  return character === null ? from + 1 : from + character[0].length
}

function endOfAttribute(text: string, from: number): number {
  let depth = 0
  for (let at = text.indexOf('[', from); at < text.length;) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (char === 'r' && /^r#*"/.test(text.slice(at, at + 10))) at = endOfPrefixed(text, at)
    else {
      if (char === '[') depth += 1
      if (char === ']' && --depth === 0) return at + 1
      at += 1
    }
  }
  return text.length
}
