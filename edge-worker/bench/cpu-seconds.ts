import { readFileSync } from 'node:fs'

/** Seconds of CPU that this process and its children that ended have used; needs /proc. */
export function cpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  // utime, stime, cutime, cstime, in hundredths of a second (proc(5)).
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}
