import assert from 'node:assert/strict'
import type { SearchItem } from '../../src/search/item.js'
import { createSearchIndex, type SearchOptions } from '../../src/search/search-index.js'

const item = (path: string, over: Partial<SearchItem> = {}): SearchItem => {
  const at = path.lastIndexOf('::')
  return {
    symbol_id: `src/lib.rs#${path}`,
    name: path.slice(at + 2),
    symbol_type: 'method',
    path: path.slice(0, at),
    file: 'src/lib.rs',
    start_line: 1,
    end_line: 2,
    public: true,
    test: false,
    implementation: false,
    head: '',
    body: '',
    docs: '',
    ...over,
  }
}

const items = [
  item('net::JoinHandle::is_finished', { head: 'pub fn is_finished(&self) -> bool', body: '{ self.raw.state().is_complete() }' }),
  item('net::JoinHandle::abort', { head: 'pub fn abort(&self)', body: '{ self.raw.remote_abort() }' }),
  item('sync::Semaphore::acquire_many', { head: 'pub async fn acquire_many(&self, n: u32)', body: '{ self.ll_sem.acquire(n).await }' }),
  item('sync::watch::Sender::send_replace', { head: 'pub fn send_replace(&self, value: T) -> T', body: '{ swap(value) }' }),
  item('uuid::Error::fmt', {
    head: "fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result",
    body: '{ write!(f, "invalid group length in group {}: expected {}, found {}", g, e, l) }',
    implementation: true,
    public: false,
  }),
  item('io::line::LineColIterator', {
    symbol_type: 'struct',
    head: 'pub struct LineColIterator<I>',
    body: '{ iter: I, line: usize, col: usize }',
  }),
  item('fs::group', { symbol_type: 'function', head: 'pub fn group()', body: '{ expected(4); found(5); length() }' }),
]

describe('the search index', () => {
  const index = createSearchIndex(items, null)
  const find = (query: string, options: Partial<SearchOptions> = {}): string[] =>
    index.search(index.read(query), null, { limit: 5, ...options }).map((hit) => hit.item.name)

  for (const [query, name] of [
    ['is_finished', 'is_finished'],
    ['isFinished', 'is_finished'],
    ['JoinHandle.is_finnished', 'is_finished'],
    ['sendreplace watch', 'send_replace'],
    ['line col itrator', 'LineColIterator'],
    ['acquiring many permits', 'acquire_many'],
  ] as const) {
    it(`finds ${name} when asked for "${query}"`, () => assert.equal(find(query)[0], name))
  }

  it('finds the code that prints a message although its numbers differ', () => {
    const [first] = index.search(index.read('invalid group length in group 3: expected 4, found 5'), null, { limit: 1 })
    assert.equal(first?.item.path, 'uuid::Error')
    assert.ok(first.why.some((reason) => reason.includes('a text in it')))
  })

  it('puts words of the repository in the place of misspelt and run-together ones, and leaves known ones alone', () => {
    assert.equal(index.read('line col itrator').corrected, 'line col iterator')
    assert.equal(index.read('sendreplace').corrected, 'send replace')
    assert.equal(index.read('abort handle').corrected, 'abort handle')
  })

  it('says why: a name that matches is named, and a stop word is no reason', () => {
    const [first] = index.search(index.read('how to abort'), null, { limit: 1 })
    assert.deepEqual(first?.why, ['name matches `abort`'])
  })

  it("ranks by one item's better vector, and by vectors alone when asked to", () => {
    const values = new Float32Array(2 * (items.length + 1))
    for (let row = 0; row <= items.length; row++) values[2 * row] = 1
    values.set([0, 1], 2 * items.length)
    const itemOfRow = Int32Array.from([...items.keys(), 1])
    const dense = createSearchIndex(items, { dimensions: 2, values, itemOfRow })
    const [first] = dense.search(dense.read('is_finished'), Float32Array.of(0, 1), { limit: 1, mode: 'dense' })
    assert.equal(first?.item.name, 'abort')
  })

  it('prefers what users can reach and what is no test, unless told to have no such preference', () => {
    const twins = [
      item('a::open', { public: false, test: true, file: 'tests/open.rs' }),
      item('b::open', { public: true }),
      item('c::close', { public: true }),
    ]
    const twin = createSearchIndex(twins, null)
    const paths = (prior: boolean): string[] => twin.search(twin.read('open'), null, { limit: 2, prior }).map((hit) => hit.item.path)
    assert.deepEqual(paths(true), ['b', 'a'])
    assert.deepEqual(paths(false), ['a', 'b'])
  })

  it('puts code before headings, vendored files and bare declarations that say the same', () => {
    const parts = { head: 'fn rotate_log(path)', body: '{ rename(path) }' }
    const made = [
      item('docs::rotate log', { ...parts, symbol_type: 'section', file: 'README.md' }),
      item('vendor::rotate_log', { ...parts, file: 'third_party/log.rs' }),
      item('tests::rotate_log', { ...parts, file: 'tests/log.rs', test: true }),
      item('api::rotate_log', { ...parts, body: '', file: 'include/log.h' }),
      item('log::rotate_log', { ...parts, file: 'src/log.rs' }),
    ]
    const mixed = createSearchIndex(made, null)
    const files = mixed.search(mixed.read('how is a log rotated'), null, { limit: 5 }).map((hit) => hit.item.file)
    assert.equal(files[0], 'src/log.rs')
    assert.deepEqual(new Set(files.slice(-2)), new Set(['README.md', 'tests/log.rs']))
  })

  it('takes a path, its end, a path without its ending or a folder for the files that it names', () => {
    const made = ['src/gz/read.rs', 'src/gz/write.rs', 'src/read.rs', 'src/lib.rs'].map((file) =>
      item('gz::read', { file, head: 'fn read()', body: file === 'src/lib.rs' ? '{ gz read rs src }' : '' }),
    )
    const mixed = createSearchIndex(made, null)
    const files = (query: string): string[] => mixed.search(mixed.read(query), null, { limit: 4 }).map((hit) => hit.item.file)
    assert.equal(files('src/gz/read.rs')[0], 'src/gz/read.rs')
    assert.equal(files('what does gz/write.rs do?')[0], 'src/gz/write.rs')
    assert.deepEqual(new Set(files('READ.rs').slice(0, 2)), new Set(['src/gz/read.rs', 'src/read.rs']))
    assert.equal(files('gz/write')[0], 'src/gz/write.rs')
    assert.deepEqual(new Set(files('src/gz').slice(0, 2)), new Set(['src/gz/read.rs', 'src/gz/write.rs']))
    assert.notEqual(files('gz read rs src, and what then of all in lib.rs that writes')[0], 'src/gz/write.rs')
    assert.deepEqual(files('nowhere/read.zig'), files('nowhere read zig'))
    const hit = mixed.search(mixed.read('gz/write.rs'), null, { limit: 1 })[0]
    assert.equal(hit?.why[0], 'its file is named')
  })

  it('answers the same twice, whatever was asked between', () => {
    const before = index.search(index.read('abort'), null, { limit: 7 }).map(({ item: { name }, score }) => [name, score])
    find('invalid group length in group 3: expected 4, found 5')
    const after = index.search(index.read('abort'), null, { limit: 7 }).map(({ item: { name }, score }) => [name, score])
    assert.deepEqual(after, before)
  })

  it('answers over no items, for no words and for words of any script', () => {
    const empty = createSearchIndex([], null)
    assert.deepEqual(empty.search(empty.read('anything'), null, { limit: 3 }), [])
    assert.equal(find('').length, 5)
    assert.equal(find('где находится ошибка 错误').length, 5)
    assert.equal(find('x'.repeat(100_000)).length, 5)
  })
})
