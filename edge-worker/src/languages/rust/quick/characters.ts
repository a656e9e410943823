export const UNDERSCORE = 95
export const IDENTIFIER_START = 1
export const DIGIT = 2
export const SPACE = 4
export const HEX = 8
/** What each of the first 128 units may be part of. */
export const CLASSES = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) {
  const letter = String.fromCharCode(unit)
  if (/[A-Za-z_]/.test(letter)) CLASSES[unit] = (CLASSES[unit] as number) | IDENTIFIER_START
  if (/[0-9]/.test(letter)) CLASSES[unit] = (CLASSES[unit] as number) | DIGIT
  if (/\s/.test(letter)) CLASSES[unit] = (CLASSES[unit] as number) | SPACE
  if (/[0-9a-fA-F_]/.test(letter)) CLASSES[unit] = (CLASSES[unit] as number) | HEX
}
