/** Plain text with code in backticks as Markdown that shows the same: nothing a stranger wrote becomes a tag or a link. One line. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split(/(`+[^`]*`+)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[<[\]\\]/g, '\\$&')))
    .join('')
}
