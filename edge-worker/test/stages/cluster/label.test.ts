import assert from 'node:assert/strict'
import { labelCommunities, type Naming } from '../../../src/stages/cluster/label.js'
import type { Named } from '../../../src/stages/cluster/phrases.js'

const named = (name: string, facts: Partial<Named> = {}): Named => ({
  id: `${facts.file ?? 'src/lib.rs'}#${[...(facts.module ?? []), facts.type ?? '', name].join('::')}`,
  name,
  type: null,
  isType: false,
  module: ['app'],
  file: 'src/lib.rs',
  docs: null,
  weight: 1,
  ...facts,
})
/** A type with methods, in a module. */
const typed = (type: string, methods: readonly string[], module: readonly string[] = ['app']): Named[] => [
  named(type, { type, isType: true, module, weight: 2 }),
  ...methods.map((method) => named(method, { type, module })),
]
const community = (symbols: readonly Named[], facts: Partial<Naming> = {}): Naming => ({
  symbols,
  files: [...new Set(symbols.map(({ file }) => file))].sort(),
  isTests: false,
  ...facts,
})

function labels(communities: readonly Naming[]): string[] {
  const work = labelCommunities(communities)
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

describe('cluster labels', () => {
  it('are the words of the type that most members belong to', () => {
    const pool = community([...typed('BlockingPool', ['spawn', 'shutdown', 'park']), ...typed('Handle', ['join'])])
    const wheel = community([...typed('TimerWheel', ['insert', 'advance', 'expire']), named('now')])
    assert.deepEqual(labels([pool, wheel]), ['blocking pool', 'timer wheel'])
  })

  it('put the module before a type of one word, and tell two such modules apart', () => {
    const watch = community(typed('Receiver', ['changed', 'borrow', 'has_changed'], ['app', 'sync', 'watch']))
    const oneshot = community(typed('Receiver', ['close', 'poll', 'wait'], ['app', 'sync', 'oneshot']))
    assert.deepEqual(labels([watch, oneshot]), ['watch receiver', 'oneshot receiver'])
  })

  it('take words side by side as the comments write them, but none that no member is named with', () => {
    const docs = 'Runs a child process of the marvellous operating system.'
    const process = community(['spawn_process', 'kill_child', 'wait_child', 'process_id'].map((name) => named(name, { docs })))
    const other = community(['read_page', 'write_page'].map((name) => named(name)))
    assert.equal(labels([process, other])[0], 'child process')
  })

  it('leave out the name that all share and the words that say nothing', () => {
    const modules = ['net', 'time', 'sync', 'signal']
    const found = labels(modules.map((module) => community(typed(`${module}Driver`, ['new', 'get', 'default'], ['acme', module]))))
    for (const [at, label] of found.entries()) {
      assert.ok(label.split(' ').includes(modules[at] ?? ''), label)
      assert.doesNotMatch(label, /acme|new|get|default/)
    }
  })

  it('say that a community of tests is one, within three words', () => {
    const file = 'tests/frame_writer.rs'
    const code = community(typed('FrameWriter', ['poll', 'flush', 'close']))
    const tests = community(
      ['writes_header', 'fails_late'].map((name) => named(name, { file, module: [] })),
      { isTests: true },
    )
    assert.deepEqual(labels([code, tests]), ['frame writer', 'frame writer tests'])
  })

  it('name a community without symbols after its files', () => {
    assert.deepEqual(labels([community([], { files: ['src/wire_format.rs'] })]), ['wire format'])
  })

  it('find a name where there is only one community', () => {
    assert.deepEqual(labels([community(typed('LineIndex', ['locate', 'count']))]), ['line index'])
  })

  it('stay different and never are a bare number when all communities hold the same names', () => {
    const same = Array.from({ length: 60 }, () => community([named('get'), named('x1'), named('2')]))
    const found = labels(same)
    assert.equal(new Set(found).size, 60)
    for (const label of found) assert.doesNotMatch(label, /^\d*$/)
  })
})
