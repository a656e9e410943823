import { lexemesOf, wordsOf, type Lexeme } from './lexemes.js'
import type { RestMeter } from './meter.js'

/** A piece of a symbol that goes into one chunk as a whole. */
export interface Unit {
  readonly text: string
  readonly part: 'docs' | 'head' | 'body'
  /** Lines of the file, 1-based. */
  readonly startLine: number
  readonly endLine: number
  /** How good a place its start is to begin a chunk: the depth it is indented, Infinity in the middle of a line. */
  readonly indent: number
}

/** Stands for a literal that is longer than a model's window. It cannot be cut, and its text would not fit. */
export const ELIDED = '…'

/** Pieces of a long line are counted in runs of about this many UTF-16 units, because counting each lexeme alone is slow. */
const RUN_UNITS = 64

/** Units no one of which is longer than the window: long ones are cut at lines, then between lexemes, prose between words. */
export function fineUnits(units: readonly Unit[], meter: RestMeter): Unit[] {
  return units.flatMap((unit) => (meter.share(unit.text) <= 1 ? [unit] : linesOfUnit(unit, meter)))
}

function linesOfUnit(unit: Unit, meter: RestMeter): Unit[] {
  const units: Unit[] = []
  let startLine = unit.startLine
  let line: Lexeme[] = []
  const close = (): void => {
    const text = line.map((lexeme) => lexeme.text).join('')
    const breaks = text.split('\n').length - 1
    const whole: Unit = {
      text,
      part: unit.part,
      startLine,
      endLine: startLine + breaks - (text.endsWith('\n') ? 1 : 0),
      indent: text.search(/\S|$/),
    }
    if (text !== '' && meter.share(text) <= 1) units.push(whole)
    // One by one: a line of a megabyte has more runs than a call takes arguments.
    else for (const run of runsOfLine(line, whole, meter)) units.push(run)
    startLine += breaks
    line = []
  }
  for (const lexeme of lexemesOf(unit.text, false)) {
    if (lexeme.opensLine && line.some((before) => before.text.endsWith('\n'))) close()
    line.push(lexeme)
  }
  close()
  return units
}

/** A line that is too long by itself. */
function runsOfLine(line: readonly Lexeme[], whole: Unit, meter: RestMeter): Unit[] {
  const runs: Unit[] = []
  let run = ''
  const add = (text: string): void => {
    if (text !== '') runs.push({ ...whole, text, indent: runs.length === 0 ? whole.indent : Infinity })
  }
  const append = (text: string): void => {
    if (run !== '' && run.length + text.length > RUN_UNITS) {
      add(run)
      run = ''
    }
    if (text.length > RUN_UNITS && meter.share(text) > 1) run += ELIDED
    else run += text
  }
  for (const lexeme of line) for (const text of lexeme.kind === 'prose' ? wordsOf(lexeme.text) : [lexeme.text]) append(text)
  add(run)
  return runs.flatMap((unit) => (meter.share(unit.text) <= 1 ? [unit] : singleLexemes(unit, meter)))
}

/** For windows of a few tokens: every lexeme alone, and one that is still too long is left out. */
function singleLexemes(unit: Unit, meter: RestMeter): Unit[] {
  return lexemesOf(unit.text, false).map(({ text }) => ({ ...unit, text: meter.share(text) <= 1 ? text : ELIDED, indent: Infinity }))
}
