import type { Block } from './blocks.js'

type Code = Extract<Block, { kind: 'code' }>

const RUST_WORDS = /^(?:rust|rs|ignore(?:-\S+)?|no_run|should_panic|compile_fail|standalone(?:_crate)?|test_harness|edition\d{4}|E\d{4})$/

/** A fence of a Rust doc comment holds Rust unless it names something else; words such as `no_run` only steer the test run. */
export function isRust(info: string): boolean {
  return info
    .replace(/[{}]/g, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .every((word) => RUST_WORDS.test(word))
}

/** The code as rustdoc shows it: lines that begin with `# ` are there for the compiler alone, `##` stands for `#`. */
export function visibleCode(block: Code): string {
  if (!isRust(block.info)) return block.text
  const lines = block.text.split('\n').filter((line) => !/^\s*#(?:\s|$)/.test(line))
  return lines
    .map((line) => line.replace(/^(\s*)##/, '$1#'))
    .join('\n')
    .replace(/^\s*\n/, '')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
}

const NOT_A_PROGRAM = /^(?:text|txt|plain|none|console|sh|bash|shell|toml|json|yaml|yml|ini|diff|output|ascii|mermaid|ebnf|bnf|xml|html)\b/i

/** True for code that shows how something is used, not a shell line, a settings file or a drawing. */
export function isProgram(block: Code): boolean {
  return !NOT_A_PROGRAM.test(block.info.replace(/^\{?\.?/, '')) && visibleCode(block).trim() !== ''
}
