import type { Block } from './blocks.js'
import { isRust, visibleCode } from './code.js'
import { plainInline } from './inline.js'

/** Blocks as Markdown again, with links and tags gone: what a description holds. */
export function renderBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(renderBlock)
    .filter((text) => text !== '')
    .join('\n\n')
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${plainInline(block.text)}`
    case 'paragraph':
      return plainInline(block.text)
    case 'list':
      return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${plainInline(item)}`).join('\n')
    case 'code':
      return `\`\`\`${isRust(block.info) ? 'rust' : (block.info.split(/[\s,]/)[0] ?? '')}\n${visibleCode(block)}\n\`\`\``
    case 'other':
      return block.text
  }
}
