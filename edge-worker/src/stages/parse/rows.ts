/**
 * A list of objects of one shape as one list of keys and the values row by row: what goes from a child to its parent is
 * half as long when the keys of a hundred thousand references are not written a hundred thousand times.
 */
export type Rows = { readonly keys: readonly string[]; readonly values: readonly unknown[] } | { readonly objects: readonly object[] }

export function packRows(objects: readonly object[]): Rows {
  const keys = Object.keys(objects[0] ?? {})
  if (keys.length === 0) return { objects }
  const values: unknown[] = []
  for (const each of objects) {
    const entries = Object.entries(each)
    if (entries.length !== keys.length) return { objects }
    for (let at = 0; at < keys.length; at++) {
      const entry = entries[at]
      if (entry === undefined || entry[0] !== keys[at]) return { objects }
      values.push(entry[1])
    }
  }
  return { keys, values }
}

export function unpackRows<T extends object>(rows: Rows): T[] {
  // `as`: packRows was given objects of this type; both ends are of one version.
  if ('objects' in rows) return [...rows.objects] as T[]
  const { keys, values } = rows
  const objects: T[] = []
  for (let at = 0; at < values.length; at += keys.length) {
    const each: Record<string, unknown> = {}
    for (let key = 0; key < keys.length; key++) each[keys[key] as string] = values[at + key]
    objects.push(each as T)
  }
  return objects
}
