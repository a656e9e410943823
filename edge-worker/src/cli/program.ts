import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createConsole, type Console } from './console.js'

export interface BuildFlags {
  readonly ref: string | null
  readonly out: string | null
  readonly includePrivate: boolean
  readonly embed: boolean
  readonly docs: boolean
  readonly train: boolean
}

export interface UpFlags {
  readonly port: number | null
  readonly data: string | null
  readonly ingest: string | null
  readonly once: boolean
}

export interface InspectFlags {
  readonly symbol: string | null
  readonly callers: string | null
  readonly callees: string | null
  readonly publicApi: boolean
}

export interface SearchFlags {
  /** A docpack or a folder; in bulk a folder. */
  readonly target: string
  /** `""` in bulk. */
  readonly query: string
  readonly bulk: { readonly queries: string; readonly out: string } | null
  readonly limit: number
  readonly mode: 'default' | 'bm25' | 'dense'
  readonly prior: boolean
  /** What was read of a folder before is taken from the cache. */
  readonly cache: boolean
}

export interface ModelsFlags {
  readonly action: 'list' | 'pull' | 'check'
  /** Of `pull` the model's name, of `check` a folder. */
  readonly name: string | null
  readonly data: string | null
}

/** What each command does; bin/cli.ts supplies it, so that this file knows words and no adapters. Each gives an exit code. */
export interface Commands {
  build(target: string, flags: BuildFlags, console: Console): Promise<number>
  up(flags: UpFlags, console: Console): Promise<number>
  inspect(file: string, flags: InspectFlags, console: Console): Promise<number>
  apiDiff(before: string, after: string, console: Console): Promise<number>
  verify(file: string, console: Console): Promise<number>
  search(flags: SearchFlags, console: Console): Promise<number>
  models(flags: ModelsFlags, console: Console): Promise<number>
  gpuInstall(console: Console): Promise<number>
  doctor(flags: { readonly data: string | null }, console: Console): Promise<number>
}

export interface ProgramOptions {
  readonly commands: Commands
  readonly version: string
  /** The same for --json. */
  readonly about: Readonly<Record<string, unknown>>
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Reads the arguments and runs one command. Gives the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted. */
export async function runProgram(options: ProgramOptions): Promise<number> {
  if (options.argv.length === 2 && options.argv.includes('--version') && options.argv.includes('--json')) {
    options.stdout.write(`${JSON.stringify(options.about)}\n`)
    return 0
  }
  let exitCode = 0
  const speaker = (flags: { json?: boolean; quiet?: boolean }): Console =>
    createConsole({ ...options, json: flags.json === true, quiet: flags.quiet === true })
  const act = (run: (console: Console) => Promise<number>, flags: { json?: boolean; quiet?: boolean }): Promise<void> => {
    const console = speaker(flags)
    return run(console).then(
      (code) => {
        exitCode = code
      },
      (error: unknown) => {
        exitCode = console.fail(error)
      },
    )
  }

  const program = new Command('doctown')
    .description('Point Doctown at a repository and get a docpack: its symbols, its graph, its documentation, in one file.')
    .version(options.version, '--version', 'print program, docpack format and built-in model')
    .exitOverride()
    .configureOutput({ writeOut: (text) => options.stdout.write(text), writeErr: (text) => options.stderr.write(text) })
    .showHelpAfterError('(doctown --help lists the commands)')

  const group =
    (parent: Command) =>
    (name: string, description: string): Command =>
      parent
        .command(name)
        .description(description)
        .option('--json', 'print one JSON object and nothing else on standard output')
        .option('--quiet', 'no progress')
  const command = group(program)

  command('build <target>', 'build the docpack of a folder or a repository in this process; no Redis needed')
    .option('--ref <ref>', 'branch, tag or commit')
    .option('--out <file>', 'where the docpack goes (default: ./<name>-<commit>.docpack)')
    .option('--include-private', 'list private symbols too')
    .option('--no-embed', 'no vectors')
    .option('--no-docs', 'no documentation')
    .option('--train', 'train the graph vectors on this repository (GRAPH_TRAIN_STEPS)')
    .action((target: string, flags) =>
      act(async (console) => {
        if (target === '')
          throw new DoctownError('usage', 'The target is empty; give a folder, or an address such as github.com/owner/name.')
        return options.commands.build(
          target,
          {
            ref: flags.ref ?? null,
            out: flags.out ?? null,
            includePrivate: flags.includePrivate === true,
            embed: flags.embed,
            docs: flags.docs,
            train: flags.train === true,
          },
          console,
        )
      }, flags),
    )

  command('up', 'start Redis, cloud API, worker and web page on this machine')
    .option('--port <port>', 'port of the API and the page (default: PORT or 8080)', readPort)
    .option('--data <folder>', 'where everything is kept (default: DOCTOWN_DATA or .doctown)')
    .option('--ingest <url or folder>', 'put a repository through the queue')
    .option('--once', 'end when that job has ended')
    .action((flags) =>
      act(async (console) => {
        if (flags.once === true && flags.ingest === undefined) {
          throw new DoctownError('usage', '--once ends with the job of --ingest; say what to ingest.')
        }
        return options.commands.up(
          { port: flags.port ?? null, data: flags.data ?? null, ingest: flags.ingest ?? null, once: flags.once === true },
          console,
        )
      }, flags),
    )

  command('inspect <docpack>', 'look into a docpack: its manifest, or the symbols asked for')
    .option('--symbol <name or id>', 'symbols of that name, path or id')
    .option('--callers <name or id>', 'who calls it')
    .option('--callees <name or id>', 'what it calls')
    .option('--public-api', 'every public symbol')
    .action((file: string, flags) =>
      act(
        (console) =>
          options.commands.inspect(
            file,
            {
              symbol: flags.symbol ?? null,
              callers: flags.callers ?? null,
              callees: flags.callees ?? null,
              publicApi: flags.publicApi === true,
            },
            console,
          ),
        flags,
      ),
    )

  command('api-diff <before> <after>', 'public symbols that a second docpack has more (+), fewer (-) or different (~)').action(
    (before: string, after: string, flags) => act((console) => options.commands.apiDiff(before, after, console), flags),
  )

  command('verify <docpack>', 'check that a docpack is whole and unchanged').action((file: string, flags) =>
    act((console) => options.commands.verify(file, console), flags),
  )

  command('search [target] [query]', 'symbols of a docpack or a folder, best first; with --root, --queries and --out many queries at once')
    .option('-k, --limit <n>', 'results of each query', readLimit, 10)
    .option('--root <folder>', 'in bulk: the folder that is searched')
    .option('--queries <file>', 'in bulk: lines {"id", "query"}')
    .option('--out <file>', 'in bulk: where lines {"id", "results"} go')
    .addOption(new Option('--mode <mode>', 'default, or one ranking alone').choices(['default', 'bm25', 'dense']).default('default'))
    .option('--no-prior', 'no bonus for visibility or kind')
    .option('--no-cache', 'read the folder anew, whatever was kept of it')
    .action((target: string | undefined, query: string | undefined, flags) =>
      act(async (console) => options.commands.search(searchFlags(target, query, flags), console), flags),
    )

  const models = group(program.command('models').description('embedding models: what is known, fetched and sound'))
  const onModels = (action: ModelsFlags['action'], name: string | null, flags: { json?: boolean; quiet?: boolean; data?: string }) =>
    act((console) => options.commands.models({ action, name, data: flags.data ?? null }, console), flags)
  const DATA = ['--data <folder>', 'where models are kept (default: DOCTOWN_DATA or .doctown)'] as const
  models('list', 'the built-in model and those that can be pulled')
    .option(...DATA)
    .action((flags) => onModels('list', null, flags))
  models('pull <name>', 'fetch a model, every byte checked; goes on where an earlier try broke off (MODELS_URL: from where)')
    .option(...DATA)
    .action((name: string, flags) => onModels('pull', name, flags))
  models('check [folder]', 'open what is here, or one folder, and embed a text with it')
    .option(...DATA)
    .action((folder: string | undefined, flags) => onModels('check', folder ?? null, flags))

  group(program.command('gpu').description('the GPU of this machine'))(
    'install',
    "fetch ONNX Runtime's CUDA files and prove that CUDA computes",
  ).action((flags) => act((console) => options.commands.gpuInstall(console), flags))

  command('doctor', 'say what is here, what is missing and what to do')
    .option('--data <folder>', 'the data folder to look at')
    .action((flags) => act((console) => options.commands.doctor({ data: flags.data ?? null }, console), flags))

  try {
    await program.parseAsync([...options.argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // --help and --version end with 0; everything else that commander refuses is wrong use, already said on standard error.
    if (error.exitCode === 0) return 0
    if (options.argv.includes('--json')) {
      const detail = error.message.replace(/^error: /, '').replace(/\.$/, '')
      options.stdout.write(`${JSON.stringify({ error: 'usage', detail: `${detail}; doctown --help lists the commands.` })}\n`)
    }
    return 2
  }
}

/** Throws `usage` unless the words are one of the two forms. */
function searchFlags(
  target: string | undefined,
  query: string | undefined,
  flags: {
    readonly root?: string
    readonly queries?: string
    readonly out?: string
    readonly limit: number
    readonly mode: SearchFlags['mode']
    readonly prior: boolean
    readonly cache: boolean
  },
): SearchFlags {
  const { root, queries, out, limit, mode, prior, cache } = flags
  if (root === undefined && queries === undefined && out === undefined) {
    if (target === undefined || query === undefined)
      throw new DoctownError('usage', 'search takes a docpack or a folder and a query, or --root, --queries and --out.')
    return { target, query, bulk: null, limit, mode, prior, cache }
  }
  if (root === undefined || queries === undefined || out === undefined || target !== undefined)
    throw new DoctownError('usage', 'In bulk search takes --root, --queries and --out, all three, and nothing else.')
  return { target: root, query: '', bulk: { queries, out }, limit, mode, prior, cache }
}

function readLimit(written: string): number {
  if (!/^\d{1,4}$/.test(written) || Number(written) < 1 || Number(written) > 1000)
    throw new InvalidArgumentError('give a whole number from 1 to 1000.')
  return Number(written)
}

function readPort(written: string): number {
  if (!/^\d{1,5}$/.test(written) || Number(written) > 65535) throw new InvalidArgumentError('a port is a whole number from 0 to 65535.')
  return Number(written)
}
