import type { SourceFile } from '@doctown/common/contracts/source-file.js'

const MAX_FILES = 16
const MAX_UNITS = 128 * 1024

/** Small files travel together, because a message costs as much as a small file. In order, none left out. */
export function planBatches(files: readonly SourceFile[]): SourceFile[][] {
  const batches: SourceFile[][] = []
  let batch: SourceFile[] = []
  let units = 0
  for (const file of files) {
    if (batch.length > 0 && (batch.length === MAX_FILES || units + file.text.length > MAX_UNITS)) {
      batches.push(batch)
      batch = []
      units = 0
    }
    batch.push(file)
    units += file.text.length
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
