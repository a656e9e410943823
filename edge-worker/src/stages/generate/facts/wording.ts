/** Names and numbers as English has them. */

/** `` `name` ``, on one line; a backtick inside is kept by doubling the marks. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``
}

/** `a`, `b` and `c`; of more than `most` names the first ones, "and 4 more". */
export function list(names: readonly string[], most = 3): string {
  // "and 1 more" is longer than the name itself.
  const shown = names.length <= most + 1 ? names : names.slice(0, most)
  const parts = [...shown.map(code), ...(shown.length < names.length ? [`${names.length - shown.length} more`] : [])]
  return joined(parts)
}

export function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`

/** "a `Reader`", "an `Error`": by the first letter of the name, which is right but for rare names such as `Hour`. */
export const withArticle = (text: string): string =>
  `${/^[^\p{L}\p{N}]*(?:[aeioAEIO8]|[uU](?!n[iI]|s[eiE]|tf|tc|[a-z]{0,3}id\b|8|1|3|6))/u.test(text) ? 'an' : 'a'} ${text}`

export const capitalised = (text: string): string => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

const KINDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  const: ['constant', 'constants'],
  type_alias: ['type', 'types'],
  class: ['class', 'classes'],
}

/** A symbol type as a person says it. */
export function kindWords(type: string): { readonly one: string; readonly many: string } {
  const [one, many] = KINDS[type] ?? [type.replace(/_/g, ' '), `${type.replace(/_/g, ' ')}s`]
  return { one, many }
}

export const kindWord = (type: string): string => kindWords(type).one
