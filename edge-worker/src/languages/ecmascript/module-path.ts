import type { PackageFacts } from '../language.js'

/** Where a file stands: its package's name and the folders and file below it that its symbols' paths begin with. */
export interface ModulePlace {
  readonly packageName: string
  readonly modules: readonly string[]
  /** Tests, examples, settings of tools: what they export nobody imports from outside. */
  readonly isInternal: boolean
  readonly isDeclarationFile: boolean
}

export function modulePlace(path: string, { packages }: PackageFacts): ModulePlace {
  let holder: PackageFacts['packages'][number] | undefined
  for (const each of packages) {
    const isInside = each.folder === '' || path.startsWith(`${each.folder}/`)
    if (isInside && (holder === undefined || each.folder.length > holder.folder.length)) holder = each
  }
  const inPackage = holder === undefined || holder.folder === '' ? path : path.slice(holder.folder.length + 1)
  const segments = inPackage.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '').split('/')
  if (segments.length > 1 && SOURCE_FOLDERS.has(segments[0] ?? '')) segments.shift()
  if (segments[segments.length - 1] === 'index') segments.pop()
  return {
    packageName: holder?.name ?? '',
    modules: segments,
    isInternal: INTERNAL_FOLDER.test(inPackage) || INTERNAL_FILE.test(inPackage) || /^tests?\.\w+$/.test(inPackage),
    isDeclarationFile: /\.d\.[cm]?ts$/.test(path),
  }
}

const SOURCE_FOLDERS: ReadonlySet<string> = new Set(['src', 'lib', 'source'])

const INTERNAL_FOLDER = /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|fixtures|examples?|benches|bench(?:marks?)?)\//i
const INTERNAL_FILE = /(?:^|\/)(?:[^/]*[.-](?:test|tests|spec|bench|stories|config|test-d)|gruntfile|gulpfile|\.[^/]*)\.[cm]?[jt]sx?$/i
