/**
 * npm run bench:languages [-- --only python] [--show 20] [--json]
 *
 * For each language a real project of its own registry, fetched now, built in process and compared with the ecosystem's own tool.
 * Ends with 1 when a recall or precision misses its floor. How to add a language: language-bench/language-bench.ts.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchOptions, refuseBench } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { buildProject } from './language-bench/build-project.js'
import type { Comparison, LanguageBench } from './language-bench/language-bench.js'

const values = benchOptions({
  bench: import.meta.url,
  options: {
    only: { type: 'string', multiple: true },
    show: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})
const { only, json } = values
const show = Number(values.show)

const folder = new URL('./languages/', import.meta.url)
const names = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -3))
const unknown = (only ?? []).filter((name) => !names.includes(name))
if (unknown.length > 0) refuseBench(import.meta.url, `No bench for ${unknown.join(', ')}; there is ${names.join(', ')}.`)

const temp = await mkdtemp(join(tmpdir(), 'doctown-languages-'))
const figures: Figure[] = []
try {
  for (const name of names.sort()) {
    if (only !== undefined && !only.includes(name)) continue
    // `as`: every file of that folder exports a bench, and fails here by name when it does not.
    const { bench } = (await import(new URL(`${name}.js`, folder).href)) as { bench?: LanguageBench }
    if (bench === undefined) throw new Error(`bench/languages/${name}.ts exports no bench.`)
    if (!json) console.log(`${name}: ${bench.project}, judged by ${bench.judge}`)
    const own = join(temp, name)
    await mkdir(own)
    for (const comparison of await bench.run({ folder: own, build: buildProject })) figures.push(...figuresOf(name, comparison))
    await rm(own, { recursive: true, force: true })
  }
} finally {
  await rm(temp, { recursive: true, force: true })
}
printReport({ bench: 'languages', figures, json })

function figuresOf(name: string, { what, ours, judges, both, onlyOurs, onlyJudges, floors, missing }: Comparison): Figure[] {
  const id = `${name}_${what.replaceAll(' ', '_')}`
  if (missing !== null) {
    console.warn(`${id}: not measured. ${missing}`)
    return []
  }
  for (const [side, names] of Object.entries({ 'only ours': onlyOurs, 'only the judge': onlyJudges })) {
    if (show > 0 && names.length > 0) console.warn(`${id}, ${side}:\n  ${names.slice(0, show).join('\n  ')}`)
  }
  const figure = (kind: string, of: number, floor: number | null): Figure => {
    const value = of === 0 ? 0 : both / of
    return { id: `${id}_${kind}`, value, unit: `(${both} of ${of})`, floor, ok: floor === null || value >= floor }
  }
  return [figure('recall', judges, floors.recall), figure('precision', ours, floors.precision)]
}
