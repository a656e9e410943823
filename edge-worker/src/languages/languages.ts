import type { Language } from './language.js'
import { rust } from './rust/language.js'

/** Every language that Doctown reads. */
export const LANGUAGES: readonly Language[] = Object.freeze([rust])

export function languageByName(name: string | null): Language | undefined {
  return LANGUAGES.find((language) => language.name === name)
}

/** Language names by file ending, as the fetch stage asks for them: `{".rs": "Rust"}`. */
export function languagesByEnding(): Readonly<Record<string, string>> {
  return Object.fromEntries(LANGUAGES.flatMap((language) => language.endings.map((ending) => [ending, language.name])))
}
