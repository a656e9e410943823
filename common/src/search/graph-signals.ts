import { best } from './best.js'
import type { ItemGraph } from './item.js'
import type { Signal } from './signals.js'

/** How much of the lexical score counts for how well a neighbour fits. */
const LEXICAL_SHARE = 0.3
/** Items whose structure stands for what is looked for. */
const STRUCTURE_TOP = 8

/** Writes the standing of each item, before it is standardised. */
export function rankOf({ pagerank }: ItemGraph, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = Math.log(1e-6 + pagerank[i]!)
}

/** Fills the signals that come from neighbours, out of `dense` and `bm25f`. */
export function addGraph({ container, calls, structure }: ItemGraph, values: Readonly<Record<Signal, Float32Array>>): void {
  const { dense, bm25f, callees, callers } = values
  const count = dense.length
  const fit = new Float32Array(count)
  for (let i = 0; i < count; i++) fit[i] = dense[i]! + LEXICAL_SHARE * bm25f[i]!
  for (let i = 0; i < count; i++) {
    const holder = container[i]!
    values.container[i] = holder < 0 ? 0 : fit[holder]!
  }
  callees.fill(0)
  callers.fill(0)
  for (let at = 0; at < calls.length; at += 2) {
    const [caller, callee] = [calls[at]!, calls[at + 1]!]
    if (fit[callee]! > callees[caller]!) callees[caller] = fit[callee]!
    if (fit[caller]! > callers[callee]!) callers[callee] = fit[caller]!
  }
  values.structure.fill(0)
  if (structure !== null) addStructure(structure, fit, values.structure)
}

function addStructure(
  { dimensions, values }: { readonly dimensions: number; readonly values: Float32Array },
  fit: Float32Array,
  into: Float32Array,
): void {
  const mean = new Float32Array(dimensions)
  for (const item of best(fit, STRUCTURE_TOP)) for (let i = 0; i < dimensions; i++) mean[i]! += values[item * dimensions + i]!
  let square = 0
  for (const value of mean) square += value * value
  const scale = square === 0 ? 0 : 1 / Math.sqrt(square)
  for (let item = 0, at = 0; item < into.length; item++, at += dimensions) {
    let sum = 0
    for (let i = 0; i < dimensions; i++) sum += mean[i]! * values[at + i]!
    into[item] = sum * scale
  }
}
