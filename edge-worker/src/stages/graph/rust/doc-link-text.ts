import type { Namespace } from './model.js'

/** A link of a doc comment that may lead to an item. */
export interface WrittenLink {
  /** Between the brackets, or the target where one is written. */
  readonly text: string
  readonly path: readonly string[]
  /** `fn@`, `trait@`, `()`, `!` say which; `null` where the author does not. */
  readonly namespace: Namespace | null
}

/** Of one comment: nobody writes more, and a list of a million brackets is no documentation. */
const MAX_LINKS = 2_000

/**
 * Links by rustdoc's rules: `[Foo]`, [`Foo::bar`], `[text](path)`, `[text][path]`, `[name]: path`, with `struct@` and the like before and
 * `()` or `!` after the path. Code is left out, and so is what is written as an address.
 */
export function linksIn(markdown: string): WrittenLink[] {
  if (!markdown.includes('[')) return []
  const text = withoutCode(markdown)
  const defined = new Map<string, string>()
  for (const [, label = '', target = ''] of text.matchAll(/^ {0,3}\[([^\]\n]{1,300})\]:[ \t]*<?([^\s>]+)>?/gm))
    defined.set(labelOf(label), target)
  const links = new Map<string, WrittenLink>()
  const add = (written: string): void => {
    const link = links.has(written) || links.size >= MAX_LINKS ? null : readTarget(written)
    if (link !== null) links.set(written, link)
  }
  for (const match of text.matchAll(
    /(?<![\]\\])\[((?:[^[\]\\\n]|\\.|\n(?!\s*\n)|\[[^[\]\n]*\]){1,500})\](?:\(\s*<?([^\s()<>]*(?:\(\))?)>?(?:\s+"[^"\n]*")?\s*\)|\[([^\]\n]{0,300})\]|(:))?/g,
  )) {
    const [, label = '', target, reference, colon] = match
    if (colon !== undefined && isAtLineStart(text, match.index)) continue
    const named = reference === undefined || reference === '' ? label : reference
    if (target !== undefined) add(target)
    else if (!defined.has(labelOf(named))) add(named)
  }
  for (const target of defined.values()) add(target)
  return [...links.values()]
}

const KINDS: Readonly<Record<string, Namespace | null | undefined>> = {
  struct: 'type',
  enum: 'type',
  union: 'type',
  trait: 'type',
  traitalias: 'type',
  type: 'type',
  tyalias: 'type',
  typealias: 'type',
  mod: 'type',
  module: 'type',
  fn: 'value',
  function: 'value',
  method: 'value',
  const: 'value',
  constant: 'value',
  static: 'value',
  value: 'value',
  field: null,
  variant: null,
  macro: 'macro',
  derive: 'macro',
}

/** A path, or `null` where it is something else: an address, a sentence, a primitive type. */
function readTarget(written: string): WrittenLink | null {
  const bare = written
    .trim()
    .replace(/^`+\s*|\s*`+$/g, '')
    .replace(/#[\w.-]*$/, '')
  const [, kind, rest = bare] = /^(\w+)@(.+)$/.exec(bare) ?? []
  if (kind !== undefined && !(kind in KINDS)) return null
  const [, path = '', mark = ''] = /^(.+?)(!(?:\(\)|\{\}|\[\])?|\(\))?$/.exec(rest.replace(/`/g, '').trim()) ?? []
  const plain = path.replace(/(?:::)?<[\w\s,'&:<>]*>/g, '')
  if (!/^(?:::)?(?:r#)?[A-Za-z_]\w*(?:::(?:r#)?[A-Za-z_]\w*)*$/.test(plain)) return null
  const said = kind === undefined ? null : (KINDS[kind] ?? null)
  const namespace = said ?? (mark.startsWith('!') ? 'macro' : mark === '()' ? 'value' : null)
  return { text: written, path: plain.split('::'), namespace }
}

function labelOf(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase()
}

function isAtLineStart(text: string, at: number): boolean {
  return /(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, at - 4), at))
}

/** Fenced and indented blocks, and code spans that hold brackets, as blanks: what stands in them is no link. */
function withoutCode(markdown: string): string {
  const lines: string[] = []
  let fence: string | null = null
  for (const line of markdown.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = null
      lines.push('')
    } else if (mark !== undefined) {
      fence = mark
      lines.push('')
    } else lines.push(/^(?: {4}|\t)/.test(line) && (lines[lines.length - 1] ?? '').trim() === '' ? '' : line)
  }
  // A span ends with its paragraph. [`Foo`] is the text of a link; `[u8]` would be read as one.
  return lines
    .join('\n')
    .replace(/(`+)(?:[^`\n]|\n(?!\s*\n)|(?!\1(?!`))`+(?=[^`]))*?\1(?!`)/g, (code, _mark, at: number, text: string) =>
      /[[\]]/.test(code) && text[at - 1] !== '[' ? ' ' : code,
    )
}
