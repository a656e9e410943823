import { closeSync, openSync, writeSync } from 'node:fs'
import { best } from '@doctown/common/search/best.js'
import { TRAITS } from '@doctown/common/search/item-traits.js'
import { GATES } from '@doctown/common/search/query-gates.js'
import { ALL_SIGNALS, SIGNALS, type QuerySignals, type Signal } from '@doctown/common/search/signals.js'

const TOP = 100
const CHOSEN_BY: readonly Signal[] = ['dense', 'bm25', 'bm25f', 'name_close', 'name_share', 'literal', 'coverage']

/** A file for `training/fit_ranking.py`: a line `{signals, gates, traits}`, then a line a query. */
export interface SignalDump {
  /** The targets and the best items by each of a few signals, by number. */
  choose(values: QuerySignals['values'], targets: Iterable<number>): number[]
  /** An item's signals, in the order of the first line. */
  signalsOf(values: QuerySignals['values'], item: number): number[]
  write(query: object): void
  close(): void
}

export function openSignalDump(path: string, { graph }: { readonly graph: boolean }): SignalDump {
  const written = graph ? ALL_SIGNALS : SIGNALS
  const file = openSync(path, 'w')
  const write = (line: object): void => void writeSync(file, `${JSON.stringify(line)}\n`)
  write({ signals: written, gates: GATES, traits: TRAITS })
  return {
    choose(values, targets) {
      const chosen = new Set(targets)
      for (const signal of CHOSEN_BY) for (const i of best(values[signal], TOP)) chosen.add(i)
      return [...chosen]
    },
    signalsOf: (values, item) => written.map((signal) => Number(values[signal][item]!.toFixed(4))),
    write,
    close: () => closeSync(file),
  }
}
