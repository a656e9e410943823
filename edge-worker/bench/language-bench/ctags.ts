import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { isPrivateNamespace, isPublicHeader } from '../../src/languages/c/places.js'
import { runTool } from './run-tool.js'

interface Tag {
  readonly name: string
  readonly path: string
  readonly kind: string
  readonly line: number
  readonly scope?: string
  readonly access?: string
  readonly scopeKind?: string
  readonly properties?: string
}

/** What a name is, in words that both sides share: `typedef struct {} A;` is a struct to one and a typedef to the other. */
const CLASSES: Readonly<Record<string, string | undefined>> = {
  function: 'function',
  prototype: 'function',
  method: 'function',
  struct: 'type',
  union: 'type',
  enum: 'type',
  class: 'type',
  typedef: 'type',
  type_alias: 'type',
  trait: 'type',
  alias: 'type',
  macro: 'macro',
  enumerator: 'constant',
  const: 'value',
  variable: 'value',
  externvar: 'value',
  member: 'value',
  field: 'value',
  constant: 'constant',
}

/** Public names of C or C++ headers as Universal Ctags reads them: `include/a.h function ns::open`. */
export function ctagsNames(folder: string, files: readonly string[], isCpp: boolean): string[] {
  if (files.length === 0) return []
  const language = isCpp ? 'C++' : 'C'
  const kinds = isCpp ? 'cdefgpstuvxmA' : 'defgpstuvx'
  const output = runTool(
    'ctags',
    [
      '--options=NONE',
      '--output-format=json',
      `--language-force=${language}`,
      `--kinds-${language}=${kinds.replace('A', '')}`,
      '--fields=+nKsapZ',
      '--fields-C++=+{properties}',
      '--sort=no',
      '-f',
      '-',
      ...files,
    ],
    folder,
  )
  const tags = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Tag] : []))
  const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
  const pathOf = ({ scope, name }: Tag): string => (scope === undefined ? name : `${scope}::${name}`)
  const isHidden = hiddenScopes(tags.map((tag) => ({ ...tag, whole: pathOf(tag) })))
  return tags.flatMap((tag) => {
    const scope = (tag.scope ?? '').split('::')
    const isPrivate =
      tag.access === 'private' || isHidden(tag.scope ?? '') || scope.some((name) => isPrivateNamespace(name) && !name.startsWith('__anon'))
    if (isPrivate || tag.name.startsWith('__anon') || tag.name.startsWith('_') || !isPublicHeader(tag.path)) return []
    // A definition outside of its class, which declares it.
    if (isCpp && tag.kind === 'function' && tag.access === undefined && /class|struct/.test(tag.scopeKind ?? '')) return []
    if (tag.properties?.includes('delete') === true) return []
    const text = texts.get(tag.path) ?? ''
    if (tag.kind === 'macro' && isGuard(text, tag.name)) return []
    const path = [...scope.filter((name) => name !== '' && !name.startsWith('__anon')), tag.name].join('::')
    return [`${tag.path} ${classOf(tag.kind)} ${nameOf(path, classOf(tag.kind))}`]
  })
}

/** Scopes that nobody outside can name: private classes, and the insides of functions. */
function hiddenScopes(tags: readonly (Tag & { readonly whole: string })[]): (scope: string) => boolean {
  const types = new Set(tags.filter(({ kind }) => ['class', 'struct', 'union', 'enum'].includes(kind)).map(({ whole }) => whole))
  const hidden = new Set<string>()
  for (const { kind, access, whole } of tags) {
    if (access === 'private' || ((kind === 'function' || kind === 'prototype') && !types.has(whole))) hidden.add(whole)
  }
  return (scope) => {
    const names = scope.split('::')
    return names.some((_name, at) => hidden.has(names.slice(0, at + 1).join('::')))
  }
}

export function ourNames(symbols: readonly Symbol[], language: string): string[] {
  const byId = new Map(symbols.map((symbol) => [symbol.id, symbol]))
  return symbols.flatMap((symbol) => {
    if (!symbol.is_public_api || symbol.language !== language || symbol.symbol_type === 'module') return []
    const container = symbol.container === null ? undefined : byId.get(symbol.container)
    const isConstant = symbol.symbol_type === 'const' && (container?.symbol_type === 'enum' || !symbol.signature.includes(' '))
    const what = isConstant ? 'constant' : classOf(symbol.symbol_type)
    return [`${symbol.file} ${what} ${nameOf(symbol.path, what)}`]
  })
}

function classOf(kind: string): string {
  return CLASSES[kind] ?? kind
}

/** Without template arguments and without the enum that a constant stands in, which the two spell differently. */
function nameOf(path: string, what: string): string {
  const plain = path.includes('operator') ? path : path.replace(/<[^]*>/g, '')
  return what === 'constant'
    ? plain.slice(plain.lastIndexOf('::') + 1).replace(/^:/, '')
    : plain.replace(/operator\s+(?=\W)/, 'operator').replace(/, /g, ',')
}

/** The include guard, which the first condition of a file asks for. */
function isGuard(text: string, name: string): boolean {
  const first = /^[^\S\n]*#\s*if[^\n]*\n\s*#\s*define\s+(\w+)[^\S\n]*(?:\/[^\n]*)?$/m.exec(text)
  return first?.[1] === name && new RegExp(String.raw`^[^\S\n]*#\s*(?:ifndef|if\s+!\s*defined)\b[^\n]*\b${name}\b`).test(first[0])
}
