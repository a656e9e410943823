/** A comment taken apart by the marks of its convention. Everything is Markdown. */
export interface CommentParts {
  readonly prose: string[]
  readonly parameters: { readonly name: string; readonly text: string }[]
  readonly returns: string[]
  readonly errors: string[]
  readonly examples: string[]
  readonly notes: string[]
}

export function newParts(): CommentParts {
  return { prose: [], parameters: [], returns: [], errors: [], examples: [], notes: [] }
}

/** With a heading for each part that a document has a place for. */
export function renderParts({ prose, parameters, returns, errors, examples, notes }: CommentParts): string {
  const section = (title: string, texts: readonly string[]): string[] => {
    const kept = texts.map((text) => text.trim()).filter((text) => text !== '')
    return kept.length === 0 ? [] : [`# ${title}`, ...kept]
  }
  const listed = parameters.filter(({ text }) => text.trim() !== '')
  return [
    ...prose,
    ...section(
      'Parameters',
      // A list's item goes on where the next line is indented.
      listed.length === 0 ? [] : [listed.map(({ name, text }) => `- \`${name}\`: ${text.trim().replace(/\n\s*/g, '\n  ')}`).join('\n')],
    ),
    ...section('Returns', returns),
    ...section('Errors', errors),
    ...section('Examples', examples),
    ...section('Notes', notes),
  ].join('\n\n')
}
