/** Texts made to break a parser or whoever walks its tree. Each stands beside an ordinary function that should survive it. */
export interface ParserBomb {
  readonly name: string
  readonly text: string
  /** Names that must be found, when the file was parsed at all. */
  readonly found: readonly string[]
  /** The file may be given up (`parse_timeout`, `parser_crashed`); the process and the other files may not. */
  readonly mayBeSkipped: boolean
  /** Runs in well under a second and stays in the ordinary tests. */
  readonly quick: boolean
}

const MiB = 1024 * 1024
const HEAD = 'pub fn first() {}\n'
const TAIL = '\npub fn last() {}\n'

interface BombOptions {
  readonly found?: readonly string[]
  readonly mayBeSkipped?: boolean
  readonly quick?: boolean
}

const bomb = (name: string, text: string, options: BombOptions = {}): ParserBomb => ({
  name,
  text,
  found: options.found ?? ['first', 'last'],
  mayBeSkipped: options.mayBeSkipped ?? false,
  quick: options.quick ?? false,
})
const around = (inside: string): string => HEAD + inside + TAIL
const nested = (open: string, middle: string, close: string, times: number): string => open.repeat(times) + middle + close.repeat(times)
/** Cut at whole repetitions, so that the text stays under the limit of one file. */
const filled = (piece: string, units: number): string => piece.repeat(Math.floor(units / piece.length))

export function parserBombs(): ParserBomb[] {
  return [
    bomb('10,000 parentheses deep', around(`fn f() { ${nested('(', '1', ')', 10_000)}; }`), { quick: true }),
    bomb('20,000 parentheses deep, which makes toString() segfault', around(`fn f() { ${nested('(', '1', ')', 20_000)}; }`)),
    bomb('50,000 parentheses deep', around(`fn f() { ${nested('(', '1', ')', 50_000)}; }`), { mayBeSkipped: true }),
    bomb('200,000 brackets that never close', `${HEAD}fn f() { ${'['.repeat(200_000)}`, { found: [], mayBeSkipped: true }),
    bomb('3,000 nested else-ifs', around(`fn f() { ${'if a{}else '.repeat(3000)}{} }`), { quick: true }),
    bomb('30,000 nested else-ifs', around(`fn f() { ${'if a{}else '.repeat(30_000)}{} }`), { mayBeSkipped: true }),
    bomb('10,000 blocks deep', around(`fn f() ${nested('{', '', '}', 10_000)}`), { quick: true }),
    bomb('2,000 functions, each inside the one before', around(nested('fn f() { ', '', '}', 2000)), { quick: true }),
    bomb('2,000 modules, each inside the one before', around(nested('mod m { ', 'pub fn deep() {}', '}', 2000)), { quick: true }),
    bomb('20,000 modules, each inside the one before', around(nested('mod m { ', '', '}', 20_000)), { mayBeSkipped: true }),
    bomb('1,000 closures, each inside the one before', around(`fn f() { ${nested('|x| { ', 'x', ' }', 1000)}; }`), { quick: true }),
    bomb('20,000 generic arguments deep', around(`fn f(x: ${nested('A<', 'u8', '>', 20_000)}) {}`), { mayBeSkipped: true }),
    bomb('20,000 references deep', around(`fn f(x: ${'&'.repeat(20_000)}u8) {}`), { mayBeSkipped: true }),
    bomb('20,000 tuples deep', around(`type T = ${nested('(', 'u8', ',)', 20_000)};`), { mayBeSkipped: true }),
    bomb('10,000 macro token trees deep', around(`m! { ${nested('(', 'x', ')', 10_000)} }`), { quick: true }),
    bomb('10,000 block comments deep', around(nested('/*', ' x ', '*/', 10_000)), { quick: true }),
    bomb('a chain of 20,000 method calls', around(`fn f() { a${'.b()'.repeat(20_000)}; }`), { mayBeSkipped: true }),
    bomb('a chain of 50,000 additions', around(`fn f() { 1${'+1'.repeat(50_000)}; }`), { mayBeSkipped: true }),
    bomb('20,000 unary minuses', around(`fn f() { ${'-'.repeat(20_000)}1; }`), { mayBeSkipped: true }),
    bomb('1 MiB of a<b,c>(d)', filled('a<b,c>(d);', MiB - 64), { found: [], mayBeSkipped: true }),
    bomb('64 KiB of a<b,c>(d) in a function', around(`fn f() { ${filled('a<b,c>(d);', 64 * 1024)} }`), { mayBeSkipped: true }),
    bomb('1 MiB in one line of calls', around(`fn f() { ${filled('call(1);', MiB - 128)} }`), { mayBeSkipped: true }),
    bomb('1 MiB in one line of array elements', around(`static A: &[u8] = &[${filled('17,', MiB - 128)}];`), { mayBeSkipped: true }),
    bomb('1 MiB in one string', around(`static S: &str = "${'x'.repeat(MiB - 128)}";`), {}),
    bomb('1 MiB in one raw string', around(`static S: &str = r##"${'x"#'.repeat(300_000)}"##;`), {}),
    bomb('1 MiB in one name', around(`fn ${'n'.repeat(MiB - 128)}() {}`), {}),
    bomb('1 MiB in one comment', around(`/* ${'word '.repeat(209_000)} */`), {}),
    bomb('1 MiB of documentation of one function', around(`${filled('/// some words of it\n', MiB - 128)}fn f() {}`), {}),
    bomb('1 MiB of attributes of one function', around(`${filled('#[inline]\n', MiB - 128)}fn f() {}`), {}),
    bomb('100,000 functions in one line', filled('fn f(){}', 800_000) + TAIL, { found: ['last'], mayBeSkipped: true }),
    bomb('50,000 parameters', around(`fn f(${'a: u8, '.repeat(50_000)}) {}`), {}),
    bomb('50,000 fields', around(`struct S { ${'a: u8, '.repeat(50_000)} }`), {}),
    bomb('50,000 match arms', around(`fn f() { match x { ${'1 => 2, '.repeat(50_000)} } }`), { mayBeSkipped: true }),
    bomb('a string that never ends', `${HEAD}static S: &str = "${'x\n'.repeat(2000)}`, { found: ['first'], quick: true }),
    bomb('a comment that never ends', `${HEAD}/* ${'x\n'.repeat(2000)}`, { found: ['first'], quick: true }),
    bomb('512 KiB of NUL', around('\0'.repeat(512 * 1024)), { found: [], mayBeSkipped: true }),
    bomb('nothing but closing braces', around('}'.repeat(100_000)), { found: [], mayBeSkipped: true }),
    bomb('256 KiB of half surrogates and marks', around('\ud800<>&\u202e\ufeff'.repeat(40_000)), { found: [], mayBeSkipped: true }),
    bomb('an impl of a type of 64 KiB', around(`impl ${nested('A<', 'u8', '>', 400)} ${filled('+ B ', 64 * 1024)} { fn m() {} }`), {
      quick: true,
      found: ['first'],
    }),
    bomb('empty', '', { found: [], quick: true }),
  ]
}
