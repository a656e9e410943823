import { docstringMarkdown } from './docstring.js'
import { goMarkdown } from './go-docs.js'
import { renderParts } from './parts.js'
import { tagsToMarkdown } from './tags.js'

/** A doc comment in its language's convention (JSDoc, Javadoc and Doxygen tags, docstrings of three schools) as the Markdown that we read sections from. */
export function asMarkdown(comment: string, language: string): string {
  switch (language) {
    case 'Rust':
    case 'Markdown':
      return comment
    case 'Go':
      return goMarkdown(comment)
    case 'Python':
      return docstringMarkdown(comment)
    default:
      return /[@\\]\w/.test(comment) ? renderParts(tagsToMarkdown(comment)) : comment
  }
}
