import type { SearchText } from '../contracts/search-text.js'
import { expandDigest } from './digest.js'
import { isImplementation } from './implementation.js'
import type { SearchItem } from './item.js'

/** An item as the ranker takes it, of where it stands and what was digested of it. `public` is what users of the package can reach. */
export function digestedItem(
  place: Pick<SearchItem, 'symbol_id' | 'name' | 'symbol_type' | 'file' | 'start_line' | 'end_line' | 'public'>,
  { path, head, body, docs, test }: Pick<SearchText, 'path' | 'head' | 'body' | 'docs' | 'test'>,
): SearchItem {
  const implementation = place.symbol_id !== null && isImplementation(place.symbol_id)
  return {
    symbol_id: place.symbol_id,
    name: place.name,
    symbol_type: place.symbol_type,
    path,
    file: place.file,
    start_line: place.start_line,
    end_line: place.end_line,
    // What a trait declares is found at the trait.
    public: place.public && !test && !implementation,
    test,
    implementation,
    head: expandDigest(head),
    body: expandDigest(body),
    docs: expandDigest(docs),
  }
}
