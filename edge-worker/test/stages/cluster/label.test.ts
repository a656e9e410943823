import assert from 'node:assert/strict'
import { labelCommunities, type Naming } from '../../../src/stages/cluster/label.js'

const community = (module: string, names: readonly string[], files: readonly string[] = ['src/lib.rs']): Naming => ({
  symbols: names.map((name) => ({ name, module: module === '' ? [] : module.split('::') })),
  files,
})

describe('cluster labels', () => {
  it('are the common module path where no other community has it', () => {
    assert.deepEqual(labelCommunities([community('tokio::net', ['bind', 'accept']), community('tokio::time', ['sleep', 'interval'])]), [
      'tokio::net',
      'tokio::time',
    ])
  })

  it('take the longest path that three fifths of the members share', () => {
    const mixed: Naming = {
      symbols: [
        ...community('a::b::c', ['one', 'two']).symbols,
        ...community('a::b', ['three']).symbols,
        ...community('x', ['four', 'five']).symbols,
      ],
      files: [],
    }
    assert.deepEqual(labelCommunities([mixed]), ['a::b'])
  })

  it('tell two communities of one module apart by the word that only one of them has', () => {
    const labels = labelCommunities([
      community('tokio::sync', ['SemaphorePermit', 'semaphore_acquire', 'poll_lock']),
      community('tokio::sync', ['WatchSender', 'watch_changed', 'poll_lock']),
    ])
    assert.deepEqual(labels, ['tokio::sync semaphore', 'tokio::sync watch'])
  })

  it('are at most three words of the members where no path is shared', () => {
    const scattered: Naming = {
      symbols: [
        { name: 'parse_header', module: ['a'] },
        { name: 'HeaderParser', module: ['b'] },
        { name: 'header_len', module: ['c'] },
      ],
      files: [],
    }
    const [label] = labelCommunities([scattered])
    assert.ok(label !== undefined && label.split(' ').length <= 3)
    for (const word of label.split(' ')) assert.ok(['parse', 'header', 'parser', 'len'].includes(word), word)
  })

  it('stay different and never are a bare number when all communities hold the same names', () => {
    const same = Array.from({ length: 60 }, () => community('m', ['get', 'x1', '2'], ['f.rs']))
    const labels = labelCommunities(same)
    assert.equal(new Set(labels).size, 60)
    for (const label of labels) assert.doesNotMatch(label, /^\d*$/)
  })
})
