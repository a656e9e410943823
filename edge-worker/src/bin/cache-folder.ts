import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where this system keeps what programs can make again; `null` where there is no such place. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string | null {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows } = environment
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'doctown')
  if (platform === 'win32') return windows === undefined || windows === '' ? null : join(windows, 'doctown', 'cache')
  const home = homedir()
  if (home === '' || home === '/nonexistent') return null
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'doctown') : join(home, '.cache', 'doctown')
}
