/** Groups in their order, the i-th of `sizeOf(i)`, the last one shorter. Closes the source when its reader stops. */
export async function* inBatches<T>(source: AsyncIterable<T>, sizeOf: (i: number) => number): AsyncGenerator<T[]> {
  let batch: T[] = []
  let count = 0
  for await (const item of source) {
    batch.push(item)
    if (batch.length < sizeOf(count)) continue
    yield batch
    batch = []
    count++
  }
  if (batch.length > 0) yield batch
}
