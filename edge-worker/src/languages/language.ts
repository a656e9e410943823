import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type Parser from 'tree-sitter'

export type { PackageFacts, PackageTarget } from '@doctown/common/contracts/package-facts.js'

/** A language Doctown reads. One folder each; the parse stage knows nothing else of it. */
export type Language = GrammarLanguage | TextLanguage

interface LanguageFacts {
  /** As in `language_breakdown`: "Rust". */
  readonly name: string
  /** File endings with the dot. */
  readonly endings: readonly string[]
  /** File names that describe a package, such as `Cargo.toml`. */
  readonly manifests: readonly string[]
  /** npm package and version of the grammar or parser, for the manifest's `generators`. */
  readonly grammar: { readonly name: string; readonly version: string }
  /** Name of the language that reads this file where one ending serves two: `.h` of C and C++. Without it the ending decides. */
  readonly readAs?: (file: SourceFile) => string
  readonly packageFacts: (manifests: readonly SourceFile[]) => PackageFacts
  /** Adds to a parsed file what other files say about its symbols, such as the docs of a module. Pure, and quick where there is nothing. */
  readonly complete?: (parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>, packages: PackageFacts) => ParsedFile
}

/** A language that a tree-sitter grammar reads. */
export interface GrammarLanguage extends LanguageFacts {
  /** The grammar that reads this file (`.tsx` has another than `.ts`); loaded when asked, because loading it costs memory. Equal answers are one object. */
  readonly load: (path: string) => Parser.Language
  /** What the grammar is given in place of the text, of the same length: C without its preprocessor. Never throws. */
  readonly prepare?: (file: SourceFile) => string
  /** Everything one file says by itself. Must not throw for any text; must honour `deadline` (ms, as performance.now()). */
  readonly extract: (input: ExtractInput) => ParsedFile
  /**
   * Reads a file without the grammar's help, with the very result that `extract` would give; `null` for a file that the grammar
   * must read. A grammar's parser and the way to its nodes cost several times what all else does.
   */
  readonly extractQuickly?: (input: TextInput) => ParsedFile | null
}

/** A language that needs no grammar, such as Markdown; `extractText` promises what `extract` does. */
export interface TextLanguage extends LanguageFacts {
  readonly load?: undefined
  readonly extractText: (input: TextInput) => ParsedFile
}

export interface TextInput {
  /** False for what a file defines alone: a bench wants to know what the uses cost. A language may give them all the same. */
  readonly references?: boolean
  readonly file: SourceFile
  readonly packages: PackageFacts
  readonly deadline: number
  readonly diagnostics: Diagnostic[]
}

export interface ExtractInput extends TextInput {
  readonly root: Parser.SyntaxNode
}

/** A symbol's place in the text, in UTF-16 offsets, in source order; an inner symbol comes after the one that holds it. */
export interface SymbolSpan {
  readonly id: SymbolId
  readonly start: number
  readonly end: number
}
