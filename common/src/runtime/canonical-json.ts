/** JSON with the keys of plain objects in the order given by the writer; two equal values give equal bytes. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
