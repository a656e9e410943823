import type { Shadow } from './shadow.js'
import type { Span } from './scan.js'
import { firstEndingAfter } from './span-search.js'

/** What C has no word for. Names such as `class` and `template` are plain names in C, so what follows them counts too. */
const CPP_WORDS =
  /\b(?:class\s+\w+(?:\s+\w+){0,2}\s*[:{;]|namespace(?:\s+[\w:]+)?\s*\{|namespace\s+\w+\s*=|template\s*<|(?:public|private|protected)\s*:|using\s+(?:namespace\s+)?[\w:]+\s*[=;]|constexpr\b|nullptr\b|(?:static|dynamic|reinterpret|const)_cast\s*<|operator\s*(?:[-+*/%^&|~!=<>,]|\(\)|\[\])|virtual\s+[~\w]|typename\s+\w|std::\w)/g

/** Whether a header is C++, by what is left of it once the branches that only a C++ compiler sees are dropped. */
export function looksLikeCpp({ text, comments }: Shadow): boolean {
  for (const match of text.matchAll(CPP_WORDS)) {
    if (isIn(comments, match.index)) continue
    return true
  }
  return false
}

function isIn(spans: readonly Span[], offset: number): boolean {
  return (spans[firstEndingAfter(spans, offset)]?.start ?? Infinity) <= offset
}
