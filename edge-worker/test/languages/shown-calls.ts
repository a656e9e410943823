import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference } from '@doctown/common/contracts/reference.js'

/** The calls of a file as `from: name <- receiver`. */
export function shownCalls({ references }: ParsedFile): string[] {
  return references
    .filter(({ kind }) => kind === 'call' || kind === 'method_call')
    .map(
      ({ from, path, receiver }) =>
        `${from?.split('#')[1] ?? '-'}: ${path.join('.')}${receiver === null ? '' : ` <- ${shown(receiver, references)}`}`,
    )
}

function shown({ base, steps }: NonNullable<Reference['receiver']>, references: readonly Reference[]): string {
  const begin =
    base.kind === 'type'
      ? base.text
      : base.kind === 'path'
        ? `=${base.path.join('.')}`
        : base.kind === 'result'
          ? `${references[base.reference]?.path.join('.') ?? '?'}()`
          : base.kind === 'one_of'
            ? base.values.map((value) => shown(value, references)).join('|')
            : base.kind
  return [begin, ...steps.map((step) => ('field' in step ? step.field : `<${'op' in step ? step.op : ''}>`))].join('.')
}
