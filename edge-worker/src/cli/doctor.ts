import type { Console } from './console.js'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do; only where something is to be done. */
  readonly fix?: string
  /** A check that is no more than a hint does not make `ok` false. */
  readonly optional?: boolean
}

/** A check that throws is a failed check with the error's sentence. */
export interface Probe {
  readonly name: string
  readonly optional?: boolean
  readonly fix: string
  readonly run: () => Promise<string> | string
}

/** What is here and what is missing, each with what to do. Gives the exit code: 1 when something needed is missing. */
export async function doctorCommand(probes: readonly Probe[], console: Console): Promise<number> {
  const checks: Check[] = []
  for (const probe of probes) checks.push(await runProbe(probe))
  const ok = checks.every((check) => check.ok || check.optional === true)
  const width = Math.max(...checks.map(({ name }) => name.length))
  console.answer(
    { ok, checks: checks.map(({ optional: _, ...check }) => check) },
    checks.flatMap(({ name, ok: good, detail, fix, optional }) => [
      `${good ? '✓' : optional === true ? '·' : '✗'} ${name.padEnd(width)}  ${detail}`,
      ...(fix === undefined ? [] : [`  ${' '.repeat(width)}  → ${fix}`]),
    ]),
  )
  return ok ? 0 : 1
}

async function runProbe({ name, optional, fix, run }: Probe): Promise<Check> {
  const flag = optional === true ? { optional } : {}
  try {
    return { name, ok: true, detail: await run(), ...flag }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), fix, ...flag }
  }
}
