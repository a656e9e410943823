/**
 * npm run bench:symbols -- --corpus <folder> [--all] [--json]
 *
 * Parses the corpus's repositories and hands the symbols to its scorer (rustdoc is the judge). `--all` also hands over what
 * is not public. Ends with 1 when MAIN recall, lines, returns, parameters or signatures are below 100 % or docs below 98.5 %.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { packageFactsByLanguage } from '../src/languages/languages.js'
import { graphStage } from '../src/stages/graph/stage.js'
import { stageContext } from '../test/stages/context.js'
import { parseAll } from '../test/stages/parse/collect.js'
import { readCorpus } from './corpus.js'

interface Score {
  readonly crate: string
  readonly recall: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly precision: Readonly<Record<string, number>>
  readonly quality: Readonly<Record<string, number>>
}

const { values } = parseArgs({ options: { corpus: { type: 'string' }, all: { type: 'boolean' }, json: { type: 'boolean' } } })
if (values.corpus === undefined) throw new Error('Say where the corpus lies: npm run bench:symbols -- --corpus <folder>')
const corpus = values.corpus

const work = mkdtempSync(join(tmpdir(), 'doctown-symbols-'))
try {
  for (const { name, files, manifests } of readCorpus(corpus)) {
    const crates = new Map<string, Symbol[]>()
    const parsed = (await parseAll(files, { manifests })).map((item) => {
      if (item.kind === 'skipped') throw new Error(`${item.skipped.file} was skipped: ${item.skipped.reason}`)
      return item.parsed
    })
    const { symbols } = await graphStage.run({ files: parsed, packages: packageFactsByLanguage(manifests) }, stageContext({}))
    for (const symbol of symbols) {
      if (values.all !== true && !symbol.is_public_api) continue
      // A repository of one crate is named after it (small-walkdir); a workspace has a folder for each.
      const [first = ''] = symbol.file.split('/')
      const crate = name === 'large-workspace' ? first : name.replace(/^\w+-/, '')
      const file = name === 'large-workspace' ? symbol.file : `${crate}/${symbol.file}`
      crates.set(crate, [...(crates.get(crate) ?? []), { ...symbol, file }])
    }
    for (const [crate, symbols] of crates) writeFileSync(join(work, `${crate}.symbols.json`), JSON.stringify(symbols))
  }
  const scorer = join(corpus, 'tools/score_symbols.py')
  const scores = join(work, 'scores.json')
  const report = execFileSync(
    'python3',
    [scorer, '--batch', join(corpus, 'oracle'), work, '--prefix', 'auto', '--json', scores, '--brief'],
    { encoding: 'utf8' },
  )
  const all = JSON.parse(readFileSync(scores, 'utf8')) as Score[]
  const lines = all.map(summary)
  if (values.json === true) console.log(JSON.stringify(lines, null, 1))
  else {
    console.log(report)
    console.table(Object.fromEntries(lines.map(({ crate, ...rest }) => [crate, rest])))
  }
  const total = lines.at(-1)
  const whole =
    total !== undefined && [total.recall, total.line, total.returns, total.params, total.signature].every((share) => share === 100)
  if (!whole || total.docs < 98.5) process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

function summary({ crate, recall, precision, quality }: Score) {
  const main = recall.MAIN ?? {}
  const percent = (part: number | undefined, of: number | undefined): number =>
    Math.floor(((part ?? 0) / Math.max(1, of ?? 0)) * 10_000) / 100
  return {
    crate,
    items: main.n ?? 0,
    recall: percent(main.hit, main.n),
    line: percent(main.exact, main.hit),
    returns: percent(quality.ret_ok, quality.fn_n),
    params: percent(Math.min(quality.par_types_ok ?? 0, quality.par_names_ok ?? 0), quality.fn_n),
    signature: percent(quality.sig_ok, quality.fn_n),
    docs: percent(quality.doc_first_line, quality.doc_n),
    strict: percent(precision.strict, precision.claimed),
    trait_impl: percent(recall['trait-impl']?.hit, recall['trait-impl']?.n),
    impl: percent(recall.impl?.hit, recall.impl?.n),
  }
}
