import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SkipReason } from '@doctown/common/contracts/skip.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../../languages/language.js'

/** Parent to child. Both ends are ours and of one version, so that no schema stands between. */
export type ToChild =
  | { readonly kind: 'settings'; readonly packages: Readonly<Record<string, PackageFacts>>; readonly limitMs: number }
  | { readonly kind: 'files'; readonly files: readonly SourceFile[] }

/** Child to parent: `ready` once, `begun` for each batch, then one answer for each file, in order. `parsed.text` comes back empty, the parent has it. */
export type ToParent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'parsed'; readonly parsed: ParsedFile; readonly rssBytes: number }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly rssBytes: number }
