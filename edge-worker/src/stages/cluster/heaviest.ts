/** The key of the largest value, of equal ones the lowest key. */
export function heaviest(row: ReadonlyMap<number, number> | undefined): number | undefined {
  let best: number | undefined
  let most = 0
  for (const [key, value] of row ?? []) {
    if (best !== undefined && (value < most || (value === most && key > best))) continue
    best = key
    most = value
  }
  return best
}
