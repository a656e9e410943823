import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { repositoryRoot } from '../src/runtime/repository-root.js'
import { readBenchOptions } from './support/bench-options.js'

const root = repositoryRoot()
// `as`: our own package.json.
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const benches = Object.entries(scripts).flatMap(([name, command]) => {
  const file = /\S+\/dist\/bench\/\S+\.js/.exec(command)?.[0]
  return name.startsWith('bench:') && file !== undefined ? [{ name, file: join(root, file) }] : []
})

const options = { corpus: { type: 'string' }, rounds: { type: 'string', default: '3' }, json: { type: 'boolean' } } as const
const bench = pathToFileURL(benches[0]?.file ?? '').href
const ask = (...args: string[]): ReturnType<typeof readBenchOptions<typeof options, 'corpus'>> =>
  readBenchOptions({ bench, options, required: ['corpus'], args })

describe('the options of benches', () => {
  it('are told by --help of every bench that package.json names, with how to call it', () => {
    assert.ok(benches.length >= 16)
    for (const { name, file } of benches) {
      assert.ok(existsSync(file), file)
      const answer = readBenchOptions({ bench: pathToFileURL(file).href, options: {}, args: ['--help'] })
      assert.ok('text' in answer && answer.exitCode === 0)
      assert.match(answer.text, new RegExp(`npm run ${name}\\b`))
    }
  })

  it('are read as written, with what is left out', () => {
    assert.deepEqual(
      { ...ask('--corpus', root, '--json') },
      { values: Object.assign(Object.create(null), { corpus: root, rounds: '3', json: true }) },
    )
  })

  it('end with 2 and name what is unknown, missing, without its value, or no folder', () => {
    for (const [args, told] of [
      [['--corpsu', root], /--corpsu/],
      [['--json'], /--corpus is missing/],
      [['--corpus'], /--corpus/],
      [['--corpus', join(root, 'no-such-folder')], /no-such-folder/],
      [['--corpus', root, 'stray'], /stray/],
    ] as const) {
      const answer = ask(...args)
      assert.ok('text' in answer, args.join(' '))
      assert.equal(answer.exitCode, 2)
      assert.match(answer.text, told)
      assert.match(answer.text, /npm run bench:/)
    }
  })
})
