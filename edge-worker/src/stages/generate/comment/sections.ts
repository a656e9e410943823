import type { Block } from './blocks.js'
import { plainInline } from './inline.js'

/** Sections of a doc comment that a document has a place for. */
export type SectionName = 'examples' | 'errors' | 'panics' | 'safety' | 'returns' | 'parameters' | 'notes'

export interface CommentSections {
  /** What stands before the first section that has a place of its own, and all sections that have none, with their headings. */
  readonly prose: readonly Block[]
  readonly sections: Readonly<Partial<Record<SectionName, readonly Block[]>>>
}

const HEADINGS: readonly (readonly [pattern: RegExp, section: SectionName])[] = [
  [/^(?:usage )?examples?(?: usage)?$/i, 'examples'],
  [/^errors?$/i, 'errors'],
  [/^panics?$/i, 'panics'],
  [/^(?:un)?safety$/i, 'safety'],
  [/^returns?(?: values?)?$/i, 'returns'],
  [/^(?:arguments|parameters|args|params)$/i, 'parameters'],
  [/^(?:notes?|warnings?|caveats?)$/i, 'notes'],
]

/** A section reaches to the next heading of its own level or a higher one; two of the same name are joined. */
export function toSections(blocks: readonly Block[]): CommentSections {
  const prose: Block[] = []
  const sections: Partial<Record<SectionName, Block[]>> = {}
  let open: { readonly into: Block[]; readonly level: number } | undefined
  for (const block of blocks) {
    if (block.kind === 'heading' && (open === undefined || block.level <= open.level)) {
      const title = plainInline(block.text).replace(/[:.]$/, '')
      const name = HEADINGS.find(([pattern]) => pattern.test(title))?.[1]
      open = name === undefined ? undefined : { into: (sections[name] ??= []), level: block.level }
      if (name !== undefined) continue
    }
    ;(open?.into ?? prose).push(block)
  }
  return { prose, sections }
}
