import { randomBytes } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The admin token of this machine: PHAROS_ADMIN_TOKEN, else the one kept in the data folder, else a new one of 43 characters, kept at mode 0600. */
export async function adminToken(
  dataFolder: string,
  given: string | undefined,
): Promise<{ readonly token: string; readonly file: string | null }> {
  if (given !== undefined && given !== '') return { token: given.split(',')[0]!.trim(), file: null }
  const file = join(dataFolder, 'admin-token')
  const made = randomBytes(32).toString('base64url')
  try {
    await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600 })
    return { token: made, file }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await chmod(file, 0o600)
    return { token: (await readFile(file, 'utf8')).trim(), file }
  }
}
