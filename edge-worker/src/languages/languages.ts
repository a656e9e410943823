import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { c } from './c/language.js'
import { cpp } from './cpp/language.js'
import type { Language, PackageFacts } from './language.js'
import { go } from './go/language.js'
import { java } from './java/language.js'
import { javascript } from './javascript/language.js'
import { markdown } from './markdown/language.js'
import { python } from './python/language.js'
import { rust } from './rust/language.js'
import { typescript } from './typescript/language.js'

/** Every language that Doctown reads. */
export const LANGUAGES: readonly Language[] = Object.freeze([rust, python, go, java, c, cpp, typescript, javascript, markdown])

export function languageByName(name: string | null): Language | undefined {
  return LANGUAGES.find((language) => language.name === name)
}

/** The language that reads a file, where its ending alone does not say. */
export function languageOf(file: SourceFile): Language | undefined {
  const named = languageByName(file.language)
  return named?.readAs === undefined ? named : languageByName(named.readAs(file))
}

/** Language names by file ending, as the fetch stage asks for them: `{".rs": "Rust"}`. */
export function languagesByEnding(): Readonly<Record<string, string>> {
  return Object.fromEntries(LANGUAGES.flatMap((language) => language.endings.map((ending) => [ending, language.name])))
}

/** Names of the files that describe packages, as the fetch stage asks for them: `Cargo.toml`. */
export function manifestNames(): readonly string[] {
  return [...new Set(LANGUAGES.flatMap((language) => language.manifests))].sort()
}

/** What the manifests say to each language, by its name. */
export function packageFactsByLanguage(manifests: readonly SourceFile[]): Readonly<Record<string, PackageFacts>> {
  return Object.fromEntries(LANGUAGES.map((language) => [language.name, language.packageFacts(manifests)]))
}
