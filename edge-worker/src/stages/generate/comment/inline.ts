/** Tags that a doc comment may hold; `Vec<T>` written without backticks is none of them. */
const HTML_TAG =
  /<\/?(?:a|abbr|b|blockquote|br|center|code|details|div|em|h[1-6]|hr|i|img|kbd|li|ol|p|pre|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video)(?:\s[^<>]*)?\/?>/gi

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  copy: '(c)',
  times: 'x',
  rarr: '->',
  mdash: '-',
  ndash: '-',
  hellip: '...',
}

/**
 * One line of plain text from inline Markdown: links become their text, pictures and tags go, emphasis marks go,
 * code keeps its backticks.
 */
export function plainInline(markdown: string): string {
  const codes: string[] = []
  const keep = (code: string): string => `\u0000${codes.push(code) - 1}\u0000`
  const text = markdown
    .replace(/\u0000/g, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, (_all, character: string) => keep(character))
    .replace(/(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, (_all, _ticks: string, code: string) => keep(codeText(code)))
    .replace(/!\[[^[\]]*\](?:\([^)]*\)|\[[^\]]*\])?/g, '')
    .replace(/\[\^[^\]\s]+\]/g, '')
    .replace(/\[\s*\](?:\([^)]*\)|\[[^\]]*\])/g, '')
    .replace(/\[([^[\]]+)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])/g, (_all, inner: string) => withoutKind(inner))
    .replace(/\[([^[\]]+)\](?!\()/g, (all, inner: string) => (isReference(inner) ? withoutKind(inner) : all))
    .replace(/<((?:https?|ftp|mailto):[^<>\s]+)>/g, '$1')
    .replace(HTML_TAG, '')
    .replace(/(\*{1,3})(?=\S)([^*]*[^*\s])\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*(?:_[^_\s]+)*[^_\s])\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/&#(\d{1,7}|[xX][\da-fA-F]{1,6});/g, (all, number: string) => character(number) ?? all)
    .replace(/&(\w+);/g, (all, name: string) => ENTITIES[name] ?? all)
  return restore(text, codes)
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:!?])(?=\s|$)/g, '$1')
    .trim()
}

/** Code may hold code marks of links that stand inside: the numbers are put back until none is left. */
function restore(text: string, codes: readonly string[]): string {
  const put = (from: string): string => from.replace(/\u0000(\d+)\u0000/g, (_all, index: string) => codes[Number(index)] ?? '')
  return put(put(text))
}

/** `#39` and `#x27` of `&#39;` and `&#x27;`; nothing for a number that is no visible character. */
function character(number: string): string | undefined {
  const point = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number)
  return point >= 0x20 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : undefined
}

/** `struct@Foo` and `mod@net` say which of two namesakes a link means. */
const withoutKind = (text: string): string =>
  text.replace(
    /^(?:struct|enum|trait|union|mod|module|const|constant|fn|function|method|derive|attr|type|value|macro|prim|primitive|field|variant|static|tyalias)@/,
    '',
  )

function codeText(code: string): string {
  const text = withoutKind(code.replace(/\s+/g, ' ').trim())
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** A link without address: a path of the program, kept code, or words. `[0, 1]` and `[ ]` are text. */
function isReference(inner: string): boolean {
  return /^\u0000\d+\u0000(?:[\s\S]*)$/.test(inner) || /^[\p{L}_][\p{L}\p{N}_]*(?:[:!().@#'\s/-]*[\p{L}\p{N}_()!]+)*$/u.test(inner)
}
