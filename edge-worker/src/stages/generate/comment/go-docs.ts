/** What is indented in a Go comment is code; a list's items are indented too. */
export function goMarkdown(comment: string): string {
  if (!/^(?:\t| {4,})\S/m.test(comment)) return comment
  const lines: string[] = []
  let isOpen = false
  const close = (): void => {
    if (!isOpen) return
    while (lines[lines.length - 1] === '') lines.pop()
    lines.push('```', '')
    isOpen = false
  }
  for (const line of comment.split('\n')) {
    const isCode: boolean =
      /^(?:\t| {4,})\S/.test(line) &&
      (isOpen || !/^\s+(?:[-*+•]|\d+[.)])\s/.test(line)) &&
      (isOpen || lines[lines.length - 1]?.trim() === '')
    if (isCode && !isOpen) lines.push('```go')
    if (!isCode && isOpen && line.trim() !== '') close()
    isOpen ||= isCode
    lines.push(isOpen ? line.replace(/^\t/, '') : line)
  }
  close()
  return lines.join('\n')
}
