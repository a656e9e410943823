/** The path of a row, matched against the raw request path: what is encoded in there is judged by its schema, once, after the bearer. */
export interface PathPattern {
  /** Without a capturing group, because Express decodes those itself, before anybody is asked for a token. */
  readonly matcher: RegExp
  /** Parameters of a raw path that matches, still encoded. */
  read(rawPath: string): Record<string, string>
}

export function pathPattern(template: string): PathPattern {
  const pieces = template.split(/(\{[^}]+\})/)
  const names = pieces.filter((piece) => piece.startsWith('{')).map((piece) => piece.slice(1, -1).replace(/\.\.\.$/, ''))
  const takesRest = template.endsWith('...}')
  const end = takesRest || template === '/' ? '$' : '/?$'
  const source = (group: string): string =>
    `^${pieces.map((piece) => (!piece.startsWith('{') ? escape(piece) : piece.endsWith('...}') ? `(${group}.*)` : `(${group}[^/]+)`)).join('')}${end}`
  const capturing = new RegExp(source(''), 's')
  return {
    matcher: new RegExp(source('?:'), 's'),
    read: (rawPath) => {
      const match = capturing.exec(rawPath)
      return Object.fromEntries(names.map((name, index) => [name, match?.[index + 1] ?? '']))
    },
  }
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
