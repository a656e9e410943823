/** The words inside an identifier, in lower case: `TcpListener::poll_accept2` gives tcp, listener, poll, accept. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^\p{L}]+/u)
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 3 && !EMPTY_WORDS.has(word))
}

/** Words that half of all code is named with and that tell nobody where they are. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  (
    'new from into get set the and for with mut ref self default fmt clone drop eq hash cmp partial next impl mod crate pub fn try run inner ' +
    'not has was can use test tests main item value data type types fun func helper util utils lib src deref iter size hint'
  ).split(' '),
)
