import assert from 'node:assert/strict'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { extractText as javascript } from '../../../languages/javascript/extract-text.js'
import { extractText as typescript } from '../../../languages/typescript/extract-text.js'
import { edgesOf, graphOfParsed } from '../graph-of.js'

async function calls(files: Readonly<Record<string, string>>): Promise<string[]> {
  const parsed = Object.entries(files).map(([path, text]): ParsedFile => (/\.[cm]?tsx?$/.test(path) ? typescript : javascript)(text, path))
  return edgesOf(await graphOfParsed(parsed), 'calls')
}

describe('calls of JavaScript', () => {
  it('reach what a CommonJS module hands out, as a whole, by name, and through another module', async () => {
    const found = await calls({
      'src/a.js': "const make = require('./b'), { open } = require('./index')\nfunction run() { make(); open(); make.close() }",
      'src/b.js': 'module.exports = function make() {}\nmodule.exports.close = () => {}',
      'src/c.js': 'exports.open = function () {}',
      'src/index.js': "exports.open = require('./c').open",
    })
    assert.deepEqual(found, ['run -> make', 'run -> close', 'run -> open'].sort())
  })

  it('reach the methods of functions that make objects, from outside, by `this`, and by `new`', async () => {
    const found = await calls({
      'src/layer.js':
        'function Layer(path) { this.start(path) }\nLayer.prototype.start = function () { this.match() }\nLayer.prototype.match = () => {}\n' +
        'Layer.of = (path) => new Layer(path)\nmodule.exports = Layer',
      'src/use.js': "const Layer = require('./layer')\nfunction run() { const layer = new Layer(); layer.match(); Layer.of('x') }",
    })
    assert.deepEqual(found.sort(), [
      'Layer -> Layer.start',
      'Layer.of -> Layer',
      'Layer.start -> Layer.match',
      'run -> Layer',
      'run -> Layer.match',
      'run -> Layer.of',
    ])
  })

  it('never take what is put on a function for a name inside of it', async () => {
    assert.deepEqual(await calls({ 'src/a.js': 'function Layer() { match() }\nLayer.prototype.match = () => {}' }), [])
  })

  it('reach functions through the object that hands them on, under the names that it gives them', async () => {
    const found = await calls({
      'src/utils.js': 'function trim() {}\nfunction cut() {}\nexport default { trim, shorten: cut, log() { this.flush() }, flush() {} }',
      'src/use.js':
        "import utils from './utils.js'\nexport function run() { utils.trim(); utils.shorten(); utils.log(); utils.toString() }",
    })
    assert.deepEqual(found.filter((edge) => edge.startsWith('run')).sort(), ['run -> cut', 'run -> default.log', 'run -> trim'])
  })

  it('follow the types that JSDoc tells of parameters, results and fields', async () => {
    const found = await calls({
      'src/a.js': `
        class Option { name() {} }
        class Command {
          constructor() {
            /** @type {Option[]} */
            this.options = []
          }
          /** @returns {Option} */
          first() { return this.options[0] }
          /** @param {Option} option */
          add(option) { option.name(); this.first().name(); this.options.forEach((each) => each.name()) }
        }`,
    })
    assert.deepEqual(found, ['Command.add -> Command.first', 'Command.add -> Option.name'])
  })

  it('leave a name alone that a local variable or parameter has taken', async () => {
    const found = await calls({
      'src/a.js':
        "import { open, close } from './b.js'\nexport function run(open) { open(); const close = () => {}; close(); { let open; open() } }\n" +
        'export function early() { close(); const close = 1 }',
      'src/b.js': 'export function open() {}\nexport function close() {}',
    })
    assert.deepEqual(found, [])
  })

  it('go to the code beside a declaration file, and those of TypeScript to what is declared', async () => {
    const files = { 'src/lib.js': 'export function open() {}', 'src/lib.d.ts': 'export declare function open(): void' }
    const graph = async (path: string): Promise<string[]> => {
      const text = "import { open } from './lib'\nexport function run() { open() }"
      const parsed = [javascript(files['src/lib.js'], 'src/lib.js'), typescript(files['src/lib.d.ts'], 'src/lib.d.ts')]
      const { graph: found } = await graphOfParsed([...parsed, (path.endsWith('.ts') ? typescript : javascript)(text, path)])
      return found.edges.filter(({ kind }) => kind === 'calls').map(({ target }) => target)
    }
    assert.deepEqual(await graph('src/use.js'), ['src/lib.js#open'])
    assert.deepEqual(await graph('src/use.ts'), ['src/lib.d.ts#open'])
  })
})
