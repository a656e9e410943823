import type { EdgeKind } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import assert from 'node:assert/strict'
import { clusterStage } from '../../../src/stages/cluster/stage.js'
import { compose } from '../../../src/stages/generate/facts/compose.js'
import { createFacts } from '../../../src/stages/generate/facts/graph-facts.js'
import { stageContext } from '../context.js'
import { graphOf, symbol } from '../graph-fixture.js'

const param = (name: string, param_type: string): Symbol['parameters'][number] => ({ name, param_type })

const reader = symbol({
  path: 'app::io::Reader',
  symbol_type: 'struct',
  signature: 'pub struct Reader<R>',
  attributes: ['#[derive(Debug, Clone)]'],
  file: 'src/io.rs',
})
const inherent = symbol({
  path: 'app::io::impl Reader',
  name: 'Reader<R>',
  symbol_type: 'impl',
  signature: 'impl<R> Reader<R>',
  file: 'src/io.rs',
})
const display = symbol({
  path: 'app::io::impl fmt::Display for Reader<R>',
  name: 'Reader<R>',
  symbol_type: 'impl',
  signature: 'impl<R> fmt::Display for Reader<R>',
  file: 'src/io.rs',
})
const source = symbol({ path: 'app::io::Source', symbol_type: 'trait', signature: 'pub trait Source: Send + Sync', file: 'src/io.rs' })
const inReader = { symbol_type: 'method', container: inherent.id, file: 'src/io.rs' } as const
const open = symbol({
  ...inReader,
  line: 3,
  path: 'app::io::Reader::open',
  signature: 'pub async unsafe fn open(path: &Path) -> Self',
  parameters: [param('path', '&Path')],
  return_type: 'Self',
})
const fill = symbol({
  ...inReader,
  line: 5,
  path: 'app::io::Reader::fill',
  signature: 'pub fn fill(&mut self, a: A, b: B, c: C, d: D)',
  parameters: [param('self', '&mut self'), param('a', 'A'), param('mut b', 'B'), param('c', 'C'), param('d', 'D')],
})
const size = symbol({ ...inReader, line: 7, path: 'app::io::Reader::SIZE', symbol_type: 'const', signature: 'pub const SIZE: usize' })
const fmt = symbol({
  path: 'app::io::<Reader<R> as fmt::Display>::fmt',
  name: 'fmt',
  symbol_type: 'method',
  container: display.id,
  file: 'src/io.rs',
  signature: "fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result",
  parameters: [param('self', '&self'), param('f', "&mut Formatter<'_>")],
  return_type: 'fmt::Result',
})
const next = symbol({
  line: 12,
  path: 'app::io::Source::next',
  symbol_type: 'method',
  container: source.id,
  file: 'src/io.rs',
  signature: 'fn next(&mut self)',
  parameters: [param('self', '&mut self')],
})
const item = symbol({
  line: 14,
  path: 'app::io::Source::Item',
  symbol_type: 'type_alias',
  container: source.id,
  file: 'src/io.rs',
  signature: 'type Item: Clone',
})
const run = symbol({ path: 'app::run', signature: 'pub fn run()' })
const alias = symbol({ path: 'app::Result', symbol_type: 'type_alias', signature: 'pub type Result<T> = std::result::Result<T, Error>' })
const meters = symbol({ path: 'app::Meters', symbol_type: 'struct', signature: 'pub struct Meters(pub f64)' })
const send = symbol({
  path: 'app::io::impl Send for Reader<R>',
  name: 'Reader<R>',
  symbol_type: 'impl',
  signature: 'unsafe impl<R> Send for Reader<R>',
  end_line: 1,
})
const checks = symbol({ path: 'app::tests::checks', signature: 'async fn checks()', attributes: ['#[tokio::test]'] })
const inner = symbol({
  path: 'app::run::inner',
  container: run.id,
  signature: 'fn inner(n: u8) -> u8',
  parameters: [param('n', 'u8')],
  return_type: 'u8',
})
const local = symbol({ path: 'app::run::LIMIT', symbol_type: 'static', container: run.id, signature: 'static LIMIT: u32' })
const hidden = symbol({
  path: 'app::Hidden',
  symbol_type: 'enum',
  visibility: 'pub(crate)',
  signature: 'pub(crate) enum Hidden',
  line: 3,
  end_line: 9,
})
/** A block of another Reader, which takes ours apart. */
const foreign = symbol({
  path: 'app::io::impl From<Reader<R>> for std::Reader',
  name: 'std::Reader',
  symbol_type: 'impl',
  signature: 'impl<R> From<Reader<R>> for std::Reader',
})
const tick = symbol({ path: 'app::io::impl Source for &Tick', name: '&Tick', symbol_type: 'impl', signature: 'impl Source for &Tick' })
const symbols = [
  foreign,
  tick,
  send,
  checks,
  inner,
  local,
  hidden,
  reader,
  inherent,
  display,
  source,
  open,
  fill,
  size,
  fmt,
  next,
  item,
  run,
  alias,
  meters,
]

const EDGES: readonly (readonly [string, string, EdgeKind])[] = [
  [inherent.id, reader.id, 'uses_type'],
  [display.id, reader.id, 'uses_type'],
  [send.id, reader.id, 'uses_type'],
  [foreign.id, reader.id, 'uses_type'],
  [tick.id, source.id, 'implements'],
  [inherent.id, open.id, 'contains'],
  [inherent.id, fill.id, 'contains'],
  [inherent.id, size.id, 'contains'],
  [display.id, fmt.id, 'contains'],
  [source.id, next.id, 'contains'],
  [source.id, item.id, 'contains'],
  [run.id, open.id, 'calls'],
  [run.id, fill.id, 'calls'],
]

const LEADS: readonly (readonly [Symbol, string])[] = [
  [open, 'Async unsafe associated function of `Reader<R>` that takes `path: &Path` and returns a `Reader<R>`.'],
  [fill, 'Method of `Reader<R>` that borrows it mutably and takes 4 parameters (`a`, `b`, `c` and `d`).'],
  [fmt, "Implements `fmt::Display::fmt` for `Reader<R>`; takes `f: &mut Formatter<'_>` and returns `fmt::Result`."],
  [next, 'Method of the trait `Source` with `&mut self` as its only parameter.'],
  [item, 'Associated type of the trait `Source`, bound by `Clone`.'],
  [size, 'Associated constant of type `usize` on `Reader<R>`.'],
  [run, 'Function in `app` that takes and returns nothing.'],
  [checks, 'Async test in `app::tests`.'],
  [inner, 'Function inside the function `run` that takes `n: u8` and returns `u8`.'],
  [local, 'Static of type `u32` inside the function `run`.'],
  [hidden, 'Enum in `app` visible as `pub(crate)`.'],
  [alias, 'Type alias in `app` for `std::result::Result<T, Error>`.'],
  [meters, 'Struct in `app` wrapping `pub f64`.'],
  [reader, 'Struct in `app::io` with the methods `open` and `fill` and the constant `SIZE`, deriving `Debug` and `Clone`.'],
  [inherent, 'Inherent implementation of `Reader<R>` in `app::io` with the methods `open` and `fill` and the constant `SIZE`.'],
  [display, 'Gives `Reader<R>` the trait `fmt::Display` with the method `fmt`.'],
  [send, 'Marks `Reader<R>` as `Send` by an unsafe, empty block.'],
  [source, 'Trait in `app::io` with the method `next` and the type `Item`, on top of `Send + Sync`.'],
]

describe('a summary composed from facts', () => {
  const composed = new Map<string, ReturnType<typeof compose>>()
  before(async () => {
    const graph = graphOf(symbols, EDGES)
    const { contexts } = await clusterStage.run({ graph, symbols }, stageContext({}))
    const factsOf = createFacts({ graph, symbols, contexts })
    for (const each of symbols) composed.set(each.id, compose(factsOf(each)))
  })

  for (const [each, lead] of LEADS) it(`of ${each.id} leads with "${lead}"`, () => assert.equal(composed.get(each.id)?.lead, lead))

  it('goes on with whom it calls and who calls it', () => {
    assert.equal(composed.get(run.id)?.further[0], 'Calls `Reader::fill` and `Reader::open`.')
    assert.equal(composed.get(open.id)?.further[0], 'Called by `run`.')
  })

  it('of a trait tells who implements it', () => {
    assert.ok(composed.get(source.id)?.further.includes('Implemented by `&Tick`.'))
  })

  it('of a type tells the traits that its own blocks implement, not those of a namesake', () => {
    assert.ok(composed.get(reader.id)?.further.includes('Implements `Send` and `fmt::Display`.'))
  })
})
