import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { buildModel } from '../../../src/stages/graph/rust/build-model.js'
import { Names } from '../../../src/stages/graph/rust/names.js'
import { Presence } from '../../../src/stages/graph/rust/presence.js'
import { rustPublicApi } from '../../../src/stages/graph/rust/public-api.js'
import { stdModel } from '../../../src/stages/graph/rust/std-model.js'
import { caretTests } from '../caret-tests.js'
import { extractText } from './extract-text.js'

caretTests('Rust', 'rust', (text, file) => withPublicApi(extractText(text, file)))

/** What a file shows by itself: without a root there is no library, and each item is taken at its word. */
function withPublicApi(parsed: ParsedFile): ParsedFile {
  const model = buildModel([parsed])
  const presence = new Presence([parsed], model, undefined)
  const work = rustPublicApi([parsed], { model, names: new Names(model, stdModel(), [parsed]), presence }, undefined)
  let step = work.next()
  while (step.done !== true) step = work.next()
  const { paths } = step.value
  return { ...parsed, symbols: parsed.symbols.map((symbol) => ({ ...symbol, is_public_api: paths.has(symbol.id) })) }
}
