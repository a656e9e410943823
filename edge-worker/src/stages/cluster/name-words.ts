/** The words inside an identifier, in lower case and order: `TcpListener::poll_accept2` gives tcp, listener, poll, accept2. */
export function nameWords(name: string): string[] {
  return (name.match(WORD) ?? []).map((word) => word.toLowerCase())
}

/** Capitals before a capitalised word stand alone (`HTTPServer`); digits belong to the word before them (`utf8`, `u64`). */
const WORD = /\p{Lu}+(?!\p{Ll})\d*|\p{Lu}?[\p{Ll}\p{Lo}]+\d*/gu

/** Words that stand in no label: grammar, and what every other line of code says. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the and or of in on at to by for from with without into out as is are be been being was were do does did has have had can will would shall should ' +
    'may might must it its this that these those there here such so than then if when where which who what while because not no yet now only also just very ' +
    'one two three four five six seven eight nine ten first second third last all any each some other same more most both less we you your our they them their he she his her i via per see like about whether until after ' +
    'before between new get set self fmt clone drop eq cmp next impl mod pub fn deref def init str bool int usize isize struct enum const static mut ref ' +
    'true false none null some ok vec box arc rc try run use uses used using return returns returned given called calls call foo bar baz'
  ).split(' '),
)

/** Words that half of all code is named with: they make a label only where there is little else. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(
  (
    'default inner internal private public core base common main item value data type kind name id index key len length size hint count util utils helper helpers ' +
    'misc lib src sealed priv imp sys ctor types shared string char byte bytes number object class interface trait function func method module field param params parameter arg args ' +
    'argument option options result error err test tests example examples bench benches mock stub repr prelude std doc docs u8 u16 u32 u64 u128 i8 i16 i32 i64 ' +
    'i128 f32 f64 target output input state iter back into from hash partial as'
  ).split(' '),
)

/** Words that begin alike or end in each other, such as capture and captures: the second would tell nothing more. */
export const isTwin = (a: string, b: string): boolean =>
  a.includes(b.slice(0, 4)) || b.includes(a.slice(0, 4)) || a.endsWith(b) || b.endsWith(a)
