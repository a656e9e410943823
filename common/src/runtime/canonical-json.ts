/** JSON with the keys of plain objects in the order given by the writer; two equal values give equal bytes. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

/** JSON with every object's keys sorted, for digests. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}
