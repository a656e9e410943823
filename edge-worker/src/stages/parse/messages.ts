import type { SkipReason } from '@doctown/common/contracts/skip.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../../languages/language.js'
import type { ParsedInTransit } from './transit.js'

export interface ChildSettings {
  readonly packages: Readonly<Record<string, PackageFacts>>
  readonly limitMs: number
  readonly references: boolean
}

/** Parent to child. Both ends are ours and of one version, so that no schema stands between. */
export type ToChild = ({ readonly kind: 'settings' } & ChildSettings) | { readonly kind: 'files'; readonly files: readonly SourceFile[] }

/** Child to parent: `ready` once, `begun` for each batch, then one answer for each file, in order. */
export type ToParent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun'; readonly rssBytes: number }
  | { readonly kind: 'parsed'; readonly parsed: ParsedInTransit }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
