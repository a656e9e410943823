import { verifyInThread } from '@doctown/common/docpack/verify-in-thread.js'
import type { Console } from './console.js'

/** Integrity of a docpack: every entry unpacks, is named safely and has the hash that the manifest gives. Gives the exit code. */
export async function verifyCommand(file: string, console: Console): Promise<number> {
  const { ok, entries, problems } = await verifyInThread({ path: file })
  const lines = problems.map(({ entry, detail }) => (entry === null ? detail : `${entry}: ${detail}`))
  console.answer(
    { integrity: { ok, entries, problems }, claims: { verified: 0, unverifiable: 0, contradicted: 0 }, contradicted: [] },
    ok
      ? [`${file} is whole: ${entries} entries, every hash as the manifest says.`]
      : [`${file} is not whole.`, ...lines.map((line) => `  ${line}`)],
  )
  return ok ? 0 : 1
}
