import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { refuseTelemetry } from '../../src/bin/no-telemetry.js'

type Options = NonNullable<ParseArgsConfig['options']>
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values']

export interface BenchArguments<O extends Options, R extends keyof O> {
  /** The bench's `import.meta.url`: the comment at the head of that file is its usage. */
  readonly bench: string
  readonly options: O
  /** Options that it does nothing without. */
  readonly required?: readonly R[]
  readonly args?: readonly string[]
}

/**
 * What a bench was asked, read by `parseArgs` of node:util. `--help` prints the bench's own head comment and ends with 0; an unknown
 * option, a required one that is missing and a `--corpus`, `--repo` or `--model` that is no folder end with 2 and one sentence.
 * A bench that runs ONNX Runtime tells nobody, as the product.
 */
export function benchOptions<const O extends Options, const R extends keyof O = never>(
  given: BenchArguments<O, R>,
): Values<O> & Record<R, string> {
  const read = readBenchOptions(given)
  refuseTelemetry()
  if ('values' in read) return read.values
  if (read.exitCode === 2) console.error(read.text)
  else console.log(read.text)
  process.exit(read.exitCode)
}

/** Ends with 2, one sentence and the usage: for what only the bench itself knows to be wrong. */
export function refuseBench(bench: string, why: string): never {
  console.error(`${why}\n\n${usageOf(bench)}`)
  process.exit(2)
}

/** The same without the printing and the ending. */
export function readBenchOptions<const O extends Options, const R extends keyof O = never>({
  bench,
  options,
  required = [],
  args = process.argv.slice(2),
}: BenchArguments<O, R>): { readonly values: Values<O> & Record<R, string> } | { readonly exitCode: 0 | 2; readonly text: string } {
  if (args.includes('--help') || args.includes('-h')) return { exitCode: 0, text: usageOf(bench) }
  const refuse = (why: string): { readonly exitCode: 2; readonly text: string } => ({ exitCode: 2, text: `${why}\n\n${usageOf(bench)}` })
  let values: Values<O>
  try {
    values = parseArgs({ options, args: [...args] }).values
  } catch (error) {
    // parseArgs tells what it could not read in its first sentence; the others are about its own ways.
    return refuse(`${(error instanceof Error ? error.message : String(error)).split('. ')[0] ?? ''}.`)
  }
  // `as`: the types of parseArgs know which are strings; here they are looked up by name.
  const written = values as Readonly<Record<PropertyKey, unknown>>
  const missing = required.find((name) => written[name] === undefined)
  if (missing !== undefined) return refuse(`--${String(missing)} is missing.`)
  for (const name of ['corpus', 'repo', 'model']) {
    const gone = [written[name] ?? []].flat().find((path) => typeof path === 'string' && !existsSync(path))
    if (gone !== undefined) return refuse(`--${name}: there is no ${String(gone)}.`)
  }
  // `as`: what is required has just been found.
  return { values: values as Values<O> & Record<R, string> }
}

/** The comment that a file begins with, without its stars. The compiler keeps it. */
function usageOf(bench: string): string {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(fileURLToPath(bench), 'utf8'))?.[1] ?? ''
  return comment.replace(/^ *\* ?/gm, '').trim()
}
