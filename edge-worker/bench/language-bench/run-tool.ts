import { spawnSync } from 'node:child_process'

/** What a tool printed. Throws with its last words when it fails; at most 512 MiB. */
export function runTool(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ').slice(0, 200)} ended with ${String(status)}: ${stderr.slice(-1000)}`)
  return stdout
}

/** Whether a tool is there to be asked. */
export function hasTool(command: string, args: readonly string[] = ['--version']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Names that may occur several times (overloads), each told apart by a number. */
export function counted(names: Iterable<string>): string[] {
  const seen = new Map<string, number>()
  return Array.from(names, (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} #${count}`
  })
}
