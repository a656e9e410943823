import type { Meter } from './meter.js'
import { fineUnits, type Unit } from './units.js'

export interface Packed {
  /** What the model reads. */
  readonly text: string
  readonly units: readonly Unit[]
}

/**
 * Puts units, in order, into as few chunks as fit the windows. A chunk that must end early ends before the unit that is
 * indented least, where that leaves it at least half full: there the next statement or field begins.
 */
export function pack(units: readonly Unit[], path: string, meter: Meter): Packed[] {
  const whole = textOf(path, units)
  if (meter.fits(whole)) return [{ text: whole, units }]
  const prefix = shortPrefix(path, meter)
  const rest = meter.beside(`${prefix}\n`)
  const fine = fineUnits(units, rest)
  const shares = fine.map((unit) => rest.share(unit.text))
  const packed: Packed[] = []
  let from = 0
  while (from < fine.length) {
    let to = endOfChunk(fine, shares, from)
    while (to > from + 1 && !meter.fits(textOf(prefix, fine.slice(from, to)))) to--
    const group = fine.slice(from, to)
    const text = textOf(prefix, group)
    if (hasWords(group)) packed.push({ text: meter.fits(text) ? text : textOf('', group), units: group })
    from = to
  }
  return packed
}

export function textOf(path: string, units: readonly Unit[]): string {
  const source = units
    .map((unit) => unit.text)
    .join('')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
  return path === '' ? source : `${path}\n${source}`
}

function hasWords(units: readonly Unit[]): boolean {
  return units.some((unit) => /[\p{L}\p{N}]|…/u.test(unit.text))
}

function endOfChunk(units: readonly Unit[], shares: readonly number[], from: number): number {
  let sum = 0
  let end = from
  while (end < units.length && (end === from || sum + (shares[end] ?? 0) <= 1)) sum += shares[end++] ?? 0
  if (end === units.length) return end
  let best = end
  let filled = sum
  for (let at = end - 1; at > from; at--) {
    filled -= shares[at] ?? 0
    if (filled < sum / 2) break
    if ((units[at]?.indent ?? Infinity) < (units[best]?.indent ?? Infinity)) best = at
  }
  return best
}

/** A path may take a quarter of the window; of a longer one the last names are kept, or nothing. */
function shortPrefix(path: string, meter: Meter): string {
  const names = path.split('::')
  let kept = ''
  for (const name of names.reverse()) {
    const longer = kept === '' ? name : `${name}::${kept}`
    if (!meter.fits(`${longer}\n`.repeat(4))) return kept
    kept = longer
  }
  return kept
}
