/** Names that begin with an underscore belong to the implementation, by the rule of the language and by custom. */
export function isReserved(name: string): boolean {
  return name.startsWith('_')
}

/** A name on one line, without the spaces around its colons; of `operator int() const` the parameters are no part. */
export function oneName(written: string): string {
  const name = written
    .replace(/\s+/g, ' ')
    .replace(/ ?:: ?/g, '::')
    .replace(/^::/, '')
  const at = name.search(/\boperator\b/)
  if (at < 0) return name
  const rest = name.slice(at + 'operator'.length).trim()
  if (rest.startsWith('(')) return `${name.slice(0, at)}operator()`
  return `${name.slice(0, at)}operator${/^\w/.test(rest) ? ' ' : ''}${rest.replace(/\([^]*$/, '').trim()}`
}

/** `a::B<c::D>::f` in front of its last part, and that part; colons in template arguments are no border. */
export function splitName(name: string): { readonly before: string; readonly name: string } {
  let depth = 0
  const operator = /(?:^|::)operator\b/.exec(name)
  const limit = operator === null ? name.length : operator.index + (operator[0].startsWith('::') ? 2 : 0)
  if (operator !== null) return { before: name.slice(0, Math.max(0, limit - 2)), name: name.slice(limit) }
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] === '>') depth++
    else if (name[at] === '<') depth--
    else if (depth === 0 && name[at] === ':' && name[at - 1] === ':') return { before: name.slice(0, at - 1), name: name.slice(at + 1) }
  }
  return { before: '', name }
}

/** `Order<T>` of a method that is defined outside of its class template is `Order`. */
export function withoutArguments(path: string): string {
  let depth = 0
  let out = ''
  for (const letter of path) {
    if (letter === '<') depth++
    else if (letter === '>') depth--
    else if (depth === 0) out += letter
  }
  return out
}

export function join(before: string, after: string): string {
  return before === '' ? after : after === '' ? before : `${before}::${after}`
}
