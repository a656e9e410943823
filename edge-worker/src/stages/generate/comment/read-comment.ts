import { toBlocks, type Block } from './blocks.js'
import { isProgram, visibleCode } from './code.js'
import { splitFirstSentence } from './first-sentence.js'
import { plainInline } from './inline.js'
import { listedParameters } from './listed-parameters.js'
import { renderBlocks } from './render-blocks.js'
import { toSections } from './sections.js'

/** What a doc comment says, in the places a document has for it. */
export interface CommentFacts {
  /** The first sentence, or `null` when the comment holds none (a heading, a table or code alone). */
  readonly summary: string | null
  readonly description: string
  readonly returns: string | null
  readonly errors: string | null
  readonly example: string | null
  readonly notes: readonly string[]
  readonly parameters: ReadonlyMap<string, string>
}

/** Reads a doc comment without its comment marks. Never throws; says nothing that the comment does not say. */
export function readComment(comment: string, parameterNames: ReadonlySet<string>): CommentFacts {
  const { prose, sections } = toSections(toBlocks(comment))
  const { summary, rest } = takeSummary(prose)
  const exampleBlocks = [...(sections.examples ?? [])]
  const example = [...exampleBlocks, ...rest].find((block) => block.kind === 'code' && isProgram(block))
  const moreExamples = exampleBlocks.filter((block) => block !== example)
  const parameterBlocks = sections.parameters ?? []
  const unlisted = parameterBlocks.filter((block) => listedParameters([block], parameterNames).size === 0)
  return {
    summary,
    description: renderBlocks([
      ...rest.filter((block) => block !== example),
      ...headed('Parameters', unlisted),
      // A sentence such as "Basic usage:" is worth keeping only with code behind it.
      ...headed('Examples', moreExamples.some((block) => block.kind === 'code') ? moreExamples : []),
    ]),
    returns: section(sections.returns) ?? returnsSentence(prose, summary),
    errors: section(sections.errors),
    example: example?.kind === 'code' ? visibleCode(example) : null,
    notes: [
      ...note(section(sections.panics), 'Panics', /panic/i),
      ...note(section(sections.safety), 'Safety'),
      ...note(section(sections.notes), 'Note', /^note/i),
    ],
    parameters: listedParameters([...parameterBlocks, ...prose], parameterNames),
  }
}

function takeSummary(prose: readonly Block[]): { summary: string | null; rest: readonly Block[] } {
  for (const [at, block] of prose.entries()) {
    if (block.kind === 'paragraph') {
      const { first, rest } = splitFirstSentence(plainInline(block.text))
      // A picture is gone by now, and an address alone says nothing.
      if (!/[\p{L}\p{N}]/u.test(first) || /^\S+:\/\/\S+$/.test(first)) continue
      const following = prose[at + 1]
      const short = following?.kind === 'code' && !visibleCode(following).includes('\n') ? visibleCode(following).trim() : ''
      const remaining: readonly Block[] = rest === '' ? [] : [{ kind: 'other', text: rest }]
      // "Equivalent to:" with one line of code under it is a sentence only together.
      if (first.endsWith(':') && rest === '' && short !== '') {
        return { summary: `${first} \`${short}\``, rest: [...prose.slice(0, at), ...prose.slice(at + 2)] }
      }
      return { summary: first, rest: [...prose.slice(0, at), ...remaining, ...prose.slice(at + 1)] }
    }
    if (block.kind === 'list' && block.items[0] !== undefined) {
      const { first } = splitFirstSentence(plainInline(block.items[0]))
      if (/\p{L}/u.test(first)) return { summary: first, rest: prose }
    }
  }
  return { summary: null, rest: prose }
}

const section = (blocks: readonly Block[] | undefined): string | null => {
  const text = renderBlocks(blocks ?? [])
  return text === '' ? null : text
}

const headed = (title: string, blocks: readonly Block[]): readonly Block[] =>
  blocks.length === 0 ? [] : [{ kind: 'heading', level: 1, text: title }, ...blocks]

function note(text: string | null, word: string, saysItself?: RegExp): string[] {
  if (text === null) return []
  return [saysItself?.test(splitFirstSentence(text).first) === true ? text : `${word}: ${text}`]
}

/** A sentence of the prose, behind the summary, that begins with "Returns". */
function returnsSentence(prose: readonly Block[], summary: string | null): string | null {
  for (const block of prose) {
    if (block.kind !== 'paragraph') continue
    for (let text = plainInline(block.text); text !== '';) {
      const { first, rest } = splitFirstSentence(text)
      if (/^(?:This (?:function |method )?)?returns?\b/i.test(first) && first !== summary && !first.endsWith(':')) return first
      text = rest
    }
  }
  return null
}
