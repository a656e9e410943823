/** What a `#[doc = ".."]` says, `null` for any other attribute (also `#[doc(hidden)]` and `#[doc = include_str!(..)]`). */
export function docAttributeText(attribute: string): string | null {
  const match = /^#!?\[\s*doc\s*=\s*(r#*"|")/.exec(attribute)
  if (match === null) return null
  const open = match[1] ?? ''
  const from = match[0].length
  if (open === '"') {
    const close = attribute.lastIndexOf('"')
    return close < from ? null : unescape(attribute.slice(from, close))
  }
  const close = attribute.lastIndexOf('"' + '#'.repeat(open.length - 2))
  return close < from ? null : attribute.slice(from, close)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\', '"': '"', "'": "'" }

function unescape(literal: string): string {
  return literal.replace(
    /\\(?:u\{([0-9a-fA-F_]{1,8})\}|x([0-9a-fA-F]{2})|\r?\n\s*|([^]))/g,
    (whole, unicode?: string, hex?: string, letter?: string) => {
      if (unicode !== undefined) return codePoint(unicode.replaceAll('_', ''))
      if (hex !== undefined) return codePoint(hex)
      return letter === undefined ? '' : (ESCAPES[letter] ?? whole)
    },
  )
}

function codePoint(hex: string): string {
  const value = Number.parseInt(hex, 16)
  return value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? '\ufffd' : String.fromCodePoint(value)
}
