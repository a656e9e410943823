import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../language.js'

/** The module path that each go.mod names. */
export function goModules(manifests: readonly SourceFile[]): PackageFacts {
  const packages = manifests.flatMap(({ path, text }) => {
    if (path !== 'go.mod' && !path.endsWith('/go.mod')) return []
    const name = /^\s*module\s+(?:"([^"\n]+)"|`([^`\n]+)`|([^\s/"]\S*))/m.exec(text)
    const module = name?.[1] ?? name?.[2] ?? name?.[3]
    return module === undefined ? [] : [{ folder: path.slice(0, -'go.mod'.length).replace(/\/$/, ''), name: module, targets: [] }]
  })
  return { packages }
}
