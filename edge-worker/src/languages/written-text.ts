import { LIMITS } from '@doctown/common/contracts/limits.js'

export interface LimitedText {
  readonly text: string
  readonly cut: boolean
}

/** Whitespace and line breaks as one space each; comments are kept. */
export function oneLine(text: string): string {
  return isOneLine(text) ? text : text.replace(/\s+/g, ' ').trim()
}

/** Whether single spaces between words are all there is; most names and types are that. */
function isOneLine(text: string): boolean {
  let afterSpace = true
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > SPACE && unit < NO_ASCII) afterSpace = false
    else if (unit !== SPACE || afterSpace) return false
    else afterSpace = true
  }
  return !afterSpace
}

const SPACE = 32
const NO_ASCII = 127

/** A signature within its limit, cut between characters. */
export function limitedSignature(text: string): LimitedText {
  if (text.length * 3 <= LIMITS.signatureBytes) return { text, cut: false }
  const bytes = Buffer.from(text)
  if (bytes.length <= LIMITS.signatureBytes) return { text, cut: false }
  return {
    text: bytes
      .subarray(0, LIMITS.signatureBytes)
      .toString('utf8')
      .replace(/\ufffd+$/, ''),
    cut: true,
  }
}

/** Documentation within its limit, cut between lines. */
export function limitedDocs(text: string): LimitedText {
  if (Buffer.byteLength(text) <= LIMITS.docBytes) return { text, cut: false }
  const kept = Buffer.from(text)
    .subarray(0, LIMITS.docBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '')
  return { text: kept.slice(0, Math.max(kept.lastIndexOf('\n'), 1)).trimEnd(), cut: true }
}

const MAX_SEGMENT = 200

/** A segment of an id, of any length, so that a name of a megabyte does not become part of a symbol's every member's. */
export function shortSegment(segment: string): string {
  if (segment.length <= MAX_SEGMENT) return segment
  let hash = 0x811c9dc5
  for (let at = 0; at < segment.length; at++) hash = Math.imul(hash ^ segment.charCodeAt(at), 0x01000193)
  return `${segment.slice(0, MAX_SEGMENT - 9).replace(/[\ud800-\udbff]$/, '')}~${(hash >>> 0).toString(16).padStart(8, '0')}`
}
